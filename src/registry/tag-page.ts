import { isTag } from '../image/reference.ts'
import type { ByteBudget } from './byte-budget.ts'
import { scanJsonObject } from './json-scanner.ts'

/**
 * One page of a tag list, read while its bytes arrive. Only tags are kept: a registry can send
 * strings of any size.
 */
export interface TagPage {
  push(chunk: Buffer): void
  readonly bytes: number
  readonly tags: ReadonlySet<string>
  /** The number of strings, whether they are tags or not. */
  readonly strings: number
  /**
   * `list` also for `null` and for no `tags` at all: distribution 2.8 answers so after the last tag
   * was deleted.
   */
  readonly form: 'list' | 'tags are not a list' | 'not an object'
  /** Whether the answer has a list of `errors`, as some registries answer with status 200. */
  readonly hasErrors: boolean
  /**
   * Whether tags were dropped, because they are more than `mostTags` or than the budget of the run.
   */
  readonly overflow: 'tags' | 'budget' | undefined
}

/**
 * What one tag costs in memory beside its characters: its string object, and its entries in sets
 * and lists.
 */
const overhead = 64

export function readTagPage(mostTags: number, budget: ByteBudget): TagPage {
  const tags = new Set<string>()
  let bytes = 0
  let strings = 0
  let isList = true
  let hasErrors = false
  let overflow: TagPage['overflow']
  const scanner = scanJsonObject({
    field(name, { kind, text }) {
      if (name === 'errors') hasErrors = false
      if (name !== 'tags') return
      isList = kind === 'list' || (kind === 'literal' && text === 'null')
      tags.clear()
      strings = 0
    },
    element(name, { kind, text }) {
      if (name === 'errors') hasErrors = true
      if (name !== 'tags' || kind !== 'string') return
      strings++
      if (text === undefined || !isTag(text) || tags.has(text) || overflow !== undefined) return
      if (tags.size === mostTags) overflow = 'tags'
      else if (!budget.spend(text.length + overhead)) overflow = 'budget'
      else tags.add(text)
    },
  })
  return {
    push(chunk) {
      bytes += chunk.length
      scanner.push(chunk)
    },
    get bytes() {
      return bytes
    },
    tags,
    get strings() {
      return strings
    },
    get form() {
      if (!scanner.isObject()) return 'not an object'
      return isList ? 'list' : 'tags are not a list'
    },
    get hasErrors() {
      return hasErrors
    },
    get overflow() {
      return overflow
    },
  }
}

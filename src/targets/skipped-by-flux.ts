import type { ResourceDocument } from '../krm/resource.ts'

/** The bytes of one YAML document. */
interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Why Flux would not look for markers in a document, in words; undefined if it would. Its reader
 * divides a file at every `---`, and gives up on the whole file at a piece whose root is not a
 * mapping. The documents of a stream come from many files, so there that rule holds for each
 * document by itself. Source: image-automation-controller d36e2ea with kyaml 0.21.1, run on such
 * files.
 */
export function skippedByFlux(): (document: ResourceDocument) => string | undefined {
  const reasons = new Map<ResourceDocument, string | undefined>()
  return document => {
    if (!reasons.has(document)) reasons.set(document, skipReason(document))
    return reasons.get(document)
  }
}

function skipReason({ shape, bytes, items, file }: ResourceDocument): string | undefined {
  if (shape === 'ResourceList') return undefined
  for (const item of items) {
    const head = headProblem(headOf(bytes, item))
    const problem = head ?? (file === undefined ? undefined : rootProblem(bytes, item))
    if (problem !== undefined) return problem
  }
  return undefined
}

function headProblem(head: string): string | undefined {
  if (/^---\r?\n/.test(head)) return undefined // nearly always
  if (/^%YAML/m.test(head)) return 'a `%YAML` line'
  return /^--- *[^\s#]/.test(head) ? 'text after `---`' : undefined
}

/** What the root of a document is, if it is not a mapping: as far as its first line shows. */
export function rootProblem(bytes: Buffer, item: Span): string | undefined {
  const text = firstText(headOf(bytes, item))
  if (text === undefined || nothing.test(text)) return undefined
  if (/^(?:-(?:\s|$)|\[)/.test(text)) return 'a document whose root is a sequence'
  return beginsMapping(text) ? undefined : 'a document whose root is a scalar'
}

const headOf = (bytes: Buffer, { start, end }: Span) =>
  bytes.toString('latin1', start, Math.min(end, start + 4096))

/** The first line with text, without anchors and tags before it. */
const firstText = (head: string): string | undefined =>
  head
    .replace(/^\xef\xbb\xbf/, '')
    .split(/\r?\n/)
    .map(line => line.trimStart().replace(/^(?:[&!]\S*(?:\s+|$))+/, ''))
    .find(text => !/^(?:#|$|%|(?:---|\.\.\.)(?:\s|$))/.test(text))

/** A null document: kyaml leaves it out. */
const nothing = /^(?:~|null|Null|NULL)\s*(?:#.*)?$/

/** Whether the text is in braces, or has a key and its colon. */
function beginsMapping(text: string): boolean {
  if (/^(?:\{|\?(?:\s|$))/.test(text)) return true
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(text)?.[0]
  if (quoted !== undefined) return /^\s*:(?:\s|$)/.test(text.slice(quoted.length))
  const [content = ''] = text.split(/\s#/, 1)
  return !/^["'|>]/.test(text) && /:(?:\s|$)/.test(content)
}

import { FunctionError } from '../errors.ts'
import type { Problems } from '../problems.ts'
import { anchorSigns } from '../yaml/locate/crossing-anchors.ts'
import { escapes } from '../yaml/locate/escaped-texts.ts'
import { itemsMentioning } from '../yaml/locate/items-mentioning.ts'
import { type Outline, readOutline } from '../yaml/locate/outline.ts'
import { scan } from '../yaml/locate/scan.ts'
import { firstFrom } from '../yaml/offsets.ts'
import { isTemplate } from '../yaml/parse/broken-input.ts'
import { walkYaml } from '../yaml/parse/fast-reader.ts'
import { readYaml } from '../yaml/parse/read-yaml.ts'
import type { ValueSpan } from '../yaml/parse/value-span.ts'
import { positionOf } from '../yaml/position.ts'
import type { MappingNode, YamlTree } from '../yaml/tree/node.ts'
import { dataOf, entryOf } from '../yaml/tree/value.ts'
import {
  type Resource,
  type ResourceDocument,
  type ResourceTree,
  resourceOf,
  resourcesOf,
} from './resource.ts'

/** An input: its bytes, its shape, and its items as byte spans that are parsed on demand. */
export interface Document extends ResourceDocument {
  readonly outline: Outline
  /**
   * The functionConfig of a ResourceList, if it has one; the first document of a stream (a
   * `--config` file). Throws BAD_INPUT.
   */
  functionConfig(): Promise<Resource | undefined>
  /**
   * The resources of the items whose bytes hold one of the texts, in order. A problem of an item is
   * reported once.
   */
  read(mentions: readonly string[], problems: Problems): Promise<readonly Resource[]>
  /**
   * The same item by item, for many: each is parsed when it is reached, and not kept. A promise
   * only if parsing takes the full parser.
   */
  each(
    mentions: readonly string[],
    problems: Problems,
  ): Iterable<readonly Resource[] | Promise<readonly Resource[]>>
}

export interface DocumentOptions {
  readonly file?: string
  readonly writable: boolean
  /** Texts that will be asked for: one pass over the bytes looks for all of them. */
  readonly mentions?: readonly string[]
  /** How the keys of the annotations begin that some part of the program reads. */
  readonly annotationPrefixes?: readonly string[]
}

/** Finds the items of an input. Throws BAD_INPUT if the input as a whole can't be read. */
export async function openDocument(
  bytes: Buffer,
  { file, writable, mentions = [], annotationPrefixes = [] }: DocumentOptions,
): Promise<Document> {
  const named = { file: file ?? 'stdin' }
  const scanned = scan(bytes, [...mentions, ...annotationPrefixes, ...escapes, ...anchorSigns])
  const outline = await readOutline(scanned, named)
  if (writable && file === undefined) await checkInput(bytes, outline, named)

  /** By the offset of their span. */
  const known = new Map<number, readonly Resource[]>()
  const offsets = new Map<string, readonly number[]>()
  const offsetsOf = (text: string): readonly number[] => {
    const before = offsets.get(text)
    if (before !== undefined) return before
    const found = scanned.find([text])[0]?.offsets ?? []
    offsets.set(text, found)
    return found
  }
  // an escape can spell any character of a key
  const annotationOffsets = [...annotationPrefixes, ...escapes]
    .flatMap(offsetsOf)
    .sort((a, b) => a - b)
  let last: { readonly resource: Resource; readonly opened: ResourceTree } | undefined
  const readItem = (
    span: ValueSpan,
    problems: Problems,
  ): readonly Resource[] | Promise<readonly Resource[]> => {
    if (span.tree !== undefined) return resourcesOf(span.tree, document)
    const tree = walkYaml(bytes, span)
    if (tree === undefined) return parseItem(span, problems)
    // whoever looks at aliases compares nodes, so this tree is not read again
    if (tree.aliases.length > 0) return resourcesOf(tree, document)
    const resources = resourcesOf(tree, document, resource => {
      if (last?.resource !== resource) last = { resource, opened: rooted(walkYaml(bytes, span)) }
      return last.opened
    })
    const [resource] = resources
    if (resource !== undefined && resources.length === 1) last = { resource, opened: rooted(tree) }
    return resources
  }
  const parseItem = async (span: ValueSpan, problems: Problems): Promise<readonly Resource[]> => {
    const loneReturn = offsetOfLoneReturn(bytes, span)
    if (loneReturn !== undefined) {
      known.set(span.start, [])
      problems.warn(unlikeOthers, { ...named, ...positionOf(bytes, loneReturn) })
      return []
    }
    const tree = await problems.attemptAsync(async () => {
      try {
        return await readYaml(bytes, span, named)
      } catch (error) {
        // a folder of `--policies` may hold a chart; nobody would write one to stdin
        const isPassed = !writable && error instanceof FunctionError && error.problem === isTemplate
        if (!isPassed) throw error
        problems.warn(isTemplate, error.place)
      }
    })
    if (tree === undefined) known.set(span.start, []) // its problem is reported once
    return tree === undefined ? [] : resourcesOf(tree, document)
  }

  const document: Document = {
    bytes,
    outline,
    writable,
    annotationPrefixes,
    ...(file !== undefined && { file }),
    shape: outline.shape,
    items: outline.items,
    find(text, start, end) {
      const all = offsetsOf(text)
      if (start === undefined || end === undefined || all.length === 0) return all
      return all.slice(firstFrom(all, start), firstFrom(all, end))
    },
    mentions(text, start, end) {
      const all = offsetsOf(text)
      return all.length > 0 && (all[firstFrom(all, start)] ?? end) < end
    },
    mayHoldAnnotations(start, end) {
      return (annotationOffsets[firstFrom(annotationOffsets, start)] ?? end) < end
    },
    async functionConfig() {
      const isList = outline.shape === 'ResourceList'
      const [first] = outline.items
      const span = isList ? outline.functionConfig : first
      const tree = span && (await readYaml(bytes, span, named))
      if (tree?.root?.kind === 'mapping' && tree.root.entries.length > 0)
        return resourceOf(tree, tree.root, { ...document, writable: false })
      const isAbsent =
        tree?.root === undefined || tree.root.kind === 'mapping' || dataOf(tree, tree.root) === null
      if (isList && isAbsent) return undefined
      const found = isAbsent ? 'nothing' : `a ${tree.root.kind}`
      throw new FunctionError(
        'BAD_INPUT',
        `a functionConfig must be a mapping, a KRM object, got ${found}`,
        named,
      )
    },
    async read(mentions, problems) {
      const found: Resource[] = []
      for (const span of itemsMentioning(scanned, outline.items, mentions)) {
        const resources = known.get(span.start) ?? (await readItem(span, problems))
        known.set(span.start, resources)
        for (const resource of resources) found.push(resource)
      }
      return found
    },
    *each(mentions, problems) {
      for (const span of itemsMentioning(scanned, outline.items, mentions))
        yield known.get(span.start) ?? readItem(span, problems)
    },
  }
  return document
}

const rooted = (tree: YamlTree | undefined): ResourceTree => ({
  tree: tree as YamlTree,
  root: tree?.root as MappingNode,
})

const maxMessageLength = 0x100000

/**
 * Go's YAML parser, and so kubectl, kustomize and Flux, read a carriage return as a line end, also
 * without a line feed. YAML parsers for JavaScript do not, so the document would not mean the same.
 */
const unlikeOthers =
  'is left unchanged: it has a carriage return without a line feed, which YAML parsers read differently; save it with other line ends'

/** The offset of the first carriage return in a span that no line feed follows. */
function offsetOfLoneReturn(bytes: Buffer, { start, end }: ValueSpan): number | undefined {
  const text = bytes.subarray(start, end)
  let at = text.indexOf(0x0d)
  while (at !== -1 && text[at + 1] === 0x0a) at = text.indexOf(0x0d, at + 1)
  return at === -1 ? undefined : start + at
}

/**
 * Refuses what no host or pipe should send: nothing, plain text, a ResourceList without items.
 * Throws BAD_INPUT.
 */
async function checkInput(
  bytes: Buffer,
  outline: Outline,
  place: { readonly file: string },
): Promise<void> {
  const [first] = outline.items
  if (outline.shape === 'ResourceList') {
    if (first !== undefined) return
    const { root, ...tree } = await readYaml(
      bytes,
      { start: 0, end: bytes.length, blank: 0 },
      place,
    )
    if (entryOf({ root, ...tree }, root, 'items') !== undefined) return
    throw new FunctionError(
      'BAD_INPUT',
      'a ResourceList must have `items`, if only an empty sequence, got none',
      place,
    )
  }
  if (first === undefined) {
    throw new FunctionError(
      'BAD_INPUT',
      'must hold a ResourceList or manifests, got nothing; did the command before the pipe fail?',
      place,
    )
  }
  // documents are read when a policy may touch them, and a failed command writes one short text
  const isShort = first.end - first.start <= maxMessageLength
  if (outline.items.length > 1 || offsetOfLoneReturn(bytes, first) !== undefined) return
  const { root } = isShort
    ? await readYaml(bytes, first, place)
    : (walkYaml(bytes, first) ?? { root: { kind: 'mapping' } })
  if (root?.kind !== 'mapping' && root?.kind !== 'sequence') {
    const found = root === undefined ? 'nothing but comments' : 'plain text'
    throw new FunctionError(
      'BAD_INPUT',
      `must hold a ResourceList or manifests, got ${found}`,
      place,
    )
  }
}

/** Parses YAML text. Throws BAD_INPUT. */
export async function parseYamlText(text: string): Promise<unknown> {
  const bytes = Buffer.from(text)
  const tree = await readYaml(bytes, { start: 0, end: bytes.length, blank: 0 })
  return dataOf(tree, tree.root)
}

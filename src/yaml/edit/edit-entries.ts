import { lineBreakAt, lineEnd } from '../position.ts'
import type { MappingEntry, MappingNode, ScalarNode, YamlNode, YamlTree } from '../tree/node.ts'
import { entryOf, isMergeKey, mergedNodes, textOf } from '../tree/value.ts'
import { editBlockMapping, indentOf } from './block-mapping.ts'
import { entryStart } from './entry-start.ts'
import { editFlowMapping } from './flow-mapping.ts'
import { formatScalar, quote, replaceScalar } from './format-scalar.ts'
import { isPlainString } from './plain-string.ts'
import type { Edit } from './splice.ts'

export interface EntryChanges {
  /** String values by key, in the order in which new ones are written. */
  readonly set?: readonly (readonly [key: string, text: string])[]
  readonly remove?: readonly string[]
}

/**
 * The edits that set and remove string entries of the mapping at `path` below `root` (such as
 * `['metadata', 'annotations']`). A missing mapping is inserted, in the syntax, indentation and
 * line ends of its surroundings. A value that already has the text keeps its bytes; a mapping that
 * loses its last entry becomes `{}`. Call it once for each mapping.
 *
 * Undefined if the input must be changed by hand first: something at the path is not a mapping, or
 * it is shared by an alias or comes from a merge key, so that other values would change too.
 */
export function editEntries(
  tree: YamlTree,
  root: MappingNode,
  path: readonly string[],
  changes: EntryChanges,
): Edit[] | undefined {
  const location = descend(tree, root, path)
  if (!location) return undefined
  const { mapping, parents, missing } = location
  const set = changes.set ?? []
  const remove = new Set(changes.remove)
  if (set.length === 0 && (missing.length > 0 || !mapping)) return []
  const json =
    parents[0]?.flow === true &&
    parents[0].entries[0]?.key.kind === 'scalar' &&
    parents[0].entries[0].key.style === 'double'

  if (!mapping || missing.length > 0) return addMapping(tree, location, set, json)

  const edits: Edit[] = []
  const insert: [string, string][] = []
  for (const [key, text] of set) {
    const entry = entryOf(tree, mapping, key)
    if (!entry) insert.push([key, text])
    else if (entry.value.kind === 'scalar') edits.push(...setScalar(tree, entry.value, text))
    else if (entry.value.kind === 'alias')
      edits.push({
        start: entry.value.start,
        end: entry.value.end,
        text: formatScalar(text, json ? 'double' : 'plain'),
      })
    else return undefined
  }
  const removed = new Set(
    mapping.entries.filter(({ key }) => key.kind === 'scalar' && remove.has(textOf(tree, key))),
  )
  if (insert.length === 0 && removed.size === 0) return edits
  const shape = editMapping(tree, location, insert, removed, json)
  return shape && [...edits, ...shape]
}

/** Where a path leads. */
interface PathEnd {
  /**
   * The mapping at the path, or as far as the path exists. Undefined if an absent or null value is
   * there.
   */
  readonly mapping: MappingNode | undefined
  /** The absent, null or empty value that is there instead. */
  readonly empty: YamlNode | undefined
  /** The entry whose value `mapping` or `empty` is. */
  readonly entry: MappingEntry | undefined
  /** The mappings on the path, `root` first. */
  readonly parents: readonly MappingNode[]
  /** The keys of the path that do not exist. */
  readonly missing: readonly string[]
}

function descend(tree: YamlTree, root: MappingNode, path: readonly string[]): PathEnd | undefined {
  const parents: MappingNode[] = []
  let mapping = root
  let last: MappingEntry | undefined
  for (const [index, key] of path.entries()) {
    const entry = entryOf(tree, mapping, key)
    if (!entry) {
      if (comesFromMerge(tree, mapping, key)) return undefined
      return {
        mapping,
        empty: undefined,
        entry: last,
        parents: [...parents, mapping],
        missing: path.slice(index),
      }
    }
    const { value } = entry
    if (value.anchor !== undefined && tree.aliases.some(alias => alias.to === value))
      return undefined
    parents.push(mapping)
    if (isEmpty(tree, value))
      return { mapping: undefined, empty: value, entry, parents, missing: path.slice(index + 1) }
    if (value.kind !== 'mapping') return undefined
    mapping = value
    last = entry
  }
  return { mapping, empty: undefined, entry: last, parents: [...parents, mapping], missing: [] }
}

function isEmpty(tree: YamlTree, node: YamlNode): boolean {
  if (node.kind === 'mapping') return node.entries.length === 0
  return (
    node.kind === 'scalar' &&
    node.style === 'plain' &&
    /^(?:|~|null|Null|NULL)$/.test(textOf(tree, node))
  )
}

function comesFromMerge(tree: YamlTree, mapping: MappingNode, key: string): boolean {
  return mapping.entries.some(
    entry =>
      isMergeKey(tree, entry.key) &&
      mergedNodes(entry.value).some(source => entryOf(tree, source, key) !== undefined),
  )
}

function setScalar(tree: YamlTree, node: ScalarNode, text: string): Edit[] {
  const hasText =
    textOf(tree, node) === text &&
    node.start < node.end &&
    (node.style !== 'plain' || isPlainString(text))
  return hasText ? [] : [replaceScalar(tree, node, text)]
}

type Pairs = readonly (readonly [key: string, text: string])[]

function editMapping(
  tree: YamlTree,
  { mapping, entry, parents }: PathEnd,
  set: Pairs,
  remove: ReadonlySet<MappingEntry>,
  json: boolean,
): Edit[] | undefined {
  const { bytes } = tree
  if (!mapping) return undefined
  if (mapping.flow)
    return editFlowMapping(bytes, mapping, {
      insert: set.map(([key, text]) => [keyText(key, json), valueText(text, json)]),
      remove,
    })
  if (set.length === 0 && remove.size === mapping.entries.length) {
    const from = entry ? colonEnd(bytes, entry) : undefined
    const start = entryStart(bytes, mapping.entries[0] as MappingEntry)
    // a comment between key and mapping is kept
    const isBare =
      from !== undefined &&
      parents.length > 0 &&
      /^\s*$/.test(bytes.toString('latin1', from, start))
    return [
      isBare
        ? { start: from, end: mapping.end, text: ' {}' }
        : { start, end: mapping.end, text: '{}' },
    ]
  }
  const indent = indentOf(bytes, mapping)
  if (indent === undefined) return undefined
  return editBlockMapping(bytes, mapping, indent, {
    insert: set.map(([key, text]) => [`${keyText(key, json)}: `, valueText(text, json)]),
    remove,
  })
}

/** Inserts the missing keys of the path, and the entries below the last of them. */
function addMapping(
  tree: YamlTree,
  location: PathEnd,
  set: Pairs,
  json: boolean,
): Edit[] | undefined {
  const { bytes } = tree
  const { mapping, empty, entry, parents, missing } = location
  const parent = parents.at(-1) as MappingNode
  const flowText = flowMapping(missing, set, json)

  if (!empty) {
    const [key = '', ...deeper] = missing
    if (!mapping || mapping.flow)
      return (
        mapping &&
        editFlowMapping(bytes, mapping, {
          insert: [[keyText(key, json), flowMapping(deeper, set, json)]],
          remove: new Set(),
        })
      )
    const indent = indentOf(bytes, mapping)
    if (indent === undefined) return undefined
    const lineBreak = lineBreakAt(bytes, mapping.start)
    const lines = blockLines(
      deeper,
      set,
      indent + stepOf(bytes, parents, indent),
      stepOf(bytes, parents, indent),
      lineBreak,
    )
    return editBlockMapping(bytes, mapping, indent, {
      insert: [[`${keyText(key, false)}:`, lines]],
      remove: new Set(),
    })
  }

  const from = entry && colonEnd(bytes, entry)
  const absent = empty.start === empty.end
  const indent = parent.flow ? undefined : indentOf(bytes, parent)
  const restOfLine = bytes.toString('utf8', empty.end, lineEnd(bytes, empty.end))
  if (
    from === undefined ||
    indent === undefined ||
    empty.tag !== undefined ||
    empty.anchor !== undefined ||
    !(absent || /^\s*$/.test(restOfLine))
  ) {
    return [{ start: empty.start, end: empty.end, text: absent ? ` ${flowText}` : flowText }]
  }
  const step = stepOf(bytes, parents, indent)
  const lines = blockLines(missing, set, indent + step, step, lineBreakAt(bytes, empty.end))
  if (!absent) return [{ start: from, end: empty.end, text: lines }]
  const line = lineEnd(bytes, empty.end)
  return [{ start: line, end: line, text: lines }]
}

/** Lines for `path` and the entries below it, each after a line break. */
function blockLines(
  path: readonly string[],
  set: Pairs,
  indent: number,
  step: number,
  lineBreak: string,
): string {
  const keys = path.map(
    (key, depth) => `${lineBreak}${' '.repeat(indent + depth * step)}${keyText(key, false)}:`,
  )
  const margin = lineBreak + ' '.repeat(indent + path.length * step)
  return [
    ...keys,
    ...set.map(([key, text]) => `${margin}${keyText(key, false)}: ${valueText(text, false)}`),
  ].join('')
}

function flowMapping(path: readonly string[], set: Pairs, json: boolean): string {
  const entries = set.map(([key, text]) => `${keyText(key, json)}: ${valueText(text, json)}`)
  const inner = `{${entries.join(', ')}}`
  return path.reduceRight((value, key) => `{${keyText(key, json)}: ${value}}`, inner)
}

const keyText = (key: string, json: boolean) => (json ? quote(key) : formatScalar(key, 'plain'))

const valueText = keyText

/** The width of one level of indentation: that of the last mapping in its parent, else two. */
function stepOf(bytes: Buffer, parents: readonly MappingNode[], indent: number): number {
  const grandparent = parents.at(-2)
  const outer = grandparent && !grandparent.flow ? indentOf(bytes, grandparent) : undefined
  return outer === undefined || indent - outer < 1 ? 2 : indent - outer
}

/** The offset after the colon of a simple key; undefined if no colon follows the key. */
function colonEnd(bytes: Buffer, { key }: MappingEntry): number | undefined {
  const after = /^ *:/.exec(bytes.toString('latin1', key.end, key.end + 80))
  return after ? key.end + after[0].length : undefined
}

import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, YamlNode } from './node.ts'

/** Deeper collections are left to the full parser. */
const maxBlockDepth = 100

/** No place: a line that can't be read, or a value that is not awaited. */
export const none = -1

/** A node that is still being made. */
export type Open<T> = { -readonly [K in keyof T]: T[K] }

/** A mapping whose entries are still coming; an entry's value is its key until it is found. */
export type OpenMapping = Open<MappingNode> & { entries: Open<MappingEntry>[] }

type OpenSequence = Open<SequenceNode> & { items: YamlNode[] }

/** A walk on its way. */
export interface Walk {
  readonly bytes: Buffer
  readonly limit: number
  /** The column that every line of the value lies behind. */
  readonly outside: number
  root: YamlNode | undefined
  /** The open collections, and the columns of their entries, from the outermost in; `top` and `indent` are the last. */
  readonly collections: (OpenMapping | OpenSequence)[]
  readonly indents: number[]
  top: OpenMapping | OpenSequence | undefined
  indent: number
  /** Where the value of the last key or dash would stand, as long as none has been found. */
  pending: number
  /** The plain scalar before, which the next line may continue. */
  plain: Open<ScalarNode> | undefined
}

/** Whether the awaited value begins in this column: deeper than its key or dash, or as a sequence in the column of its key. */
export const opensHere = ({ top, indent }: Walk, column: number, isDash: boolean) =>
  column > indent || (isDash && column === indent && top?.kind === 'mapping')

/** Closes what the next entry, in this column, is not part of. False where it is part of nothing. */
export function nextEntry(walk: Walk, column: number, isDash: boolean): boolean {
  if (walk.pending !== none) {
    if (!walk.top) return false
    put(walk, absent(walk.pending))
  }
  while (walk.indent > column && walk.top) close(walk)
  if (walk.indent !== column || !walk.top) return false
  if (!isDash && walk.top.kind === 'sequence') close(walk) // it stood in the column of its key
  return walk.indent === column && walk.top?.kind === (isDash ? 'sequence' : 'mapping')
}

/** Puts a collection in its place and goes on inside it. False where that is too deep. */
export function open(walk: Walk, collection: OpenMapping | OpenSequence, column: number): boolean {
  if (walk.collections.length >= maxBlockDepth) return false
  put(walk, collection)
  walk.collections.push(collection)
  walk.indents.push(column)
  walk.top = collection
  walk.indent = column
  return true
}

/** Ends the innermost collection where its last value ends. */
export function close(walk: Walk): void {
  const { collections, indents } = walk
  const collection = collections.pop() as OpenMapping | OpenSequence
  // not at(-1): these lines run for every third line of the input
  const last = collection.kind === 'sequence' ? collection.items[collection.items.length - 1] : lastEntry(collection).value
  if (last) collection.end = last.end
  indents.pop()
  const outer = collections.length - 1
  walk.top = collections[outer]
  walk.indent = outer < 0 ? walk.outside : (indents[outer] as number)
}

const lastEntry = ({ entries }: OpenMapping) => entries[entries.length - 1] as Open<MappingEntry>

/** Puts a value in the place where one is awaited. */
export function put(walk: Walk, node: YamlNode): void {
  const { top } = walk
  if (top === undefined) walk.root = node
  else if (top.kind === 'sequence') top.items.push(node)
  else lastEntry(top).value = node
  walk.pending = none
}

/** The value of a key or dash that has none, at `at` behind it. */
export const absent = (at: number): ScalarNode => plainScalar(at, at)

/** A plain scalar over these bytes. */
export const plainScalar = (start: number, end: number): Open<ScalarNode> => ({ kind: 'scalar', style: 'plain', start, end })

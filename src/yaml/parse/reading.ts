import type { ScalarStyle } from '../tree/node.ts'
import { decodeScalar } from '../tree/scalar-text.ts'
import { writeTape } from './tape.ts'
import type { ValueSpan } from './value-span.ts'
import { assembly, tapeStart, words } from './wasm.ts'

/**
 * What the fast reader found in a span, as numbers: four for each node (assembly/tape.ts defines
 * them). For whoever compares whole values: an object for each node would take longer than reading
 * them.
 */
export interface Reading {
  readonly bytes: Buffer
  readonly count: number
  /** The numbers are here from index 0 on. */
  readonly numbers: Uint32Array
  readonly hasAliases: boolean
}

/**
 * Reads two values, and lets `compare` look at them; they are gone when it returns. Undefined if
 * the fast reader cannot read the first, or not the second.
 */
export function compareReadings<T>(
  before: readonly [bytes: Buffer, span: ValueSpan],
  after: readonly [bytes: Buffer, span: ValueSpan],
  compare: (before: Reading, after: Reading) => T,
): T | 'unread' | undefined {
  const first = readInto(kept, ...before)
  if (first === undefined) return 'unread'
  kept = first.numbers
  const second = read(...after)
  return second && compare(first, second)
}

/** The numbers of the first value: an array that is used again and again. */
let kept: Uint32Array = new Uint32Array(0)

function readInto(array: Uint32Array, bytes: Buffer, span: ValueSpan): Reading | undefined {
  const reading = read(bytes, span)
  if (reading === undefined) return undefined
  const length = 4 * reading.count
  const numbers = array.length < length ? new Uint32Array(2 * length) : array
  numbers.set(reading.numbers.subarray(0, length))
  return { ...reading, numbers }
}

function read(bytes: Buffer, span: ValueSpan): Reading | undefined {
  const count = writeTape({ bytes, span, loaded: 0 })
  if (count === -1) return undefined
  return {
    bytes,
    count,
    numbers: words().subarray(tapeStart()),
    hasAliases: assembly.lastAlias() !== 0,
  }
}

export type ReadKind = 'scalar' | 'mapping' | 'sequence' | 'alias'

const kinds: readonly ReadKind[] = ['scalar', 'mapping', 'sequence', 'alias']
const styles: readonly ScalarStyle[] = ['plain', 'single', 'double', 'literal', 'folded']

export const kindIn = ({ numbers }: Reading, node: number): ReadKind =>
  kinds[(numbers[4 * node] as number) & 3] as ReadKind

export const startIn = ({ numbers }: Reading, node: number) => numbers[4 * node + 1] as number

export const endIn = ({ numbers }: Reading, node: number) => numbers[4 * node + 2] as number

/** The number of the node after this one and everything that it contains. */
export const afterIn = ({ numbers }: Reading, node: number) => numbers[4 * node + 3] as number

/** Whether a node has an anchor or a tag, or is an alias. */
export const hasRecordIn = ({ numbers }: Reading, node: number) =>
  ((numbers[4 * node] as number) & 128) !== 0

/** The number of the first node in a collection. */
export const insideIn = (reading: Reading, node: number) =>
  node + (hasRecordIn(reading, node) ? 2 : 1)

/** The number of the node that an alias leads to. */
export const targetIn = ({ numbers }: Reading, alias: number) => numbers[4 * alias + 4] as number

/** What a node is: its kind, its style, and whether it is in flow style or has a record. */
export const whatIn = ({ numbers }: Reading, node: number) => numbers[4 * node] as number

/** The text of a scalar; that of an alias with its `*`. */
export function textIn(reading: Reading, node: number): string {
  const [start, end] = [startIn(reading, node), endIn(reading, node)]
  if (kindIn(reading, node) === 'alias') return reading.bytes.toString('latin1', start, end)
  const style = styles[(whatIn(reading, node) >> 2) & 7] as ScalarStyle
  return decodeScalar(reading.bytes, { kind: 'scalar', style, start, end })
}

/** Whether a scalar is text whatever it says: in quotes, or a block scalar. */
export const isQuotedIn = (reading: Reading, node: number) => (whatIn(reading, node) & 28) !== 0

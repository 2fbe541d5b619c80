import type {
  MappingEntry,
  MappingNode,
  ScalarNode,
  ScalarStyle,
  SequenceNode,
  YamlNode,
} from '../tree/node.ts'
import { numbersOf, type Tape } from './tape.ts'
import { tapeStart } from './wasm.ts'

/** The node with this number on the tape. */
export function nodeOnTape(tape: Tape, number: number): YamlNode {
  const numbers = numbersOf(tape)
  const at = tapeStart() + number * 4
  const what = numbers[at] as number
  const start = numbers[at + 1] as number
  const end = numbers[at + 2] as number
  switch (what & 3) {
    case 0:
      return {
        kind: 'scalar',
        style: styles[what >> 2] as ScalarStyle,
        start,
        end,
      } satisfies ScalarNode
    case 1:
      return new TapeMapping(tape, number, what, start, end)
    default:
      return new TapeSequence(tape, number, what, start, end)
  }
}

const styles: readonly ScalarStyle[] = ['plain', 'single', 'double', 'literal', 'folded']
const isFlow = 32

/** The number of the node after this one and everything that it contains. */
export const numberAfter = (numbers: Uint32Array, number: number) =>
  numbers[tapeStart() + number * 4 + 3] as number

/**
 * A mapping whose entries are made on demand: an object for each would cost more than reading the
 * bytes.
 */
export class TapeMapping implements MappingNode {
  readonly kind = 'mapping'
  readonly flow: boolean
  readonly start: number
  readonly end: number
  readonly tape: Tape
  readonly number: number
  /** The entries made so far, by the numbers of their keys. */
  private readonly made = new Map<number, MappingEntry>()

  constructor(tape: Tape, number: number, what: number, start: number, end: number) {
    this.tape = tape
    this.number = number
    this.flow = (what & isFlow) !== 0
    this.start = start
    this.end = end
  }

  get entries(): readonly MappingEntry[] {
    const numbers = numbersOf(this.tape)
    const after = numberAfter(numbers, this.number)
    const entries: MappingEntry[] = []
    for (let key = this.number + 1; key < after; key = numberAfter(numbers, key + 1))
      entries.push(this.entryAt(key))
    return entries
  }

  /** The entry whose key has this number. */
  entryAt(key: number): MappingEntry {
    const known = this.made.get(key)
    if (known !== undefined) return known
    const entry = { key: nodeOnTape(this.tape, key), value: nodeOnTape(this.tape, key + 1) }
    this.made.set(key, entry)
    return entry
  }
}

/** A sequence whose items are made on demand. */
class TapeSequence implements SequenceNode {
  readonly kind = 'sequence'
  readonly flow: boolean
  readonly start: number
  readonly end: number
  private readonly tape: Tape
  private readonly number: number
  private made: readonly YamlNode[] | undefined

  constructor(tape: Tape, number: number, what: number, start: number, end: number) {
    this.tape = tape
    this.number = number
    this.flow = (what & isFlow) !== 0
    this.start = start
    this.end = end
  }

  get items(): readonly YamlNode[] {
    if (this.made !== undefined) return this.made
    const numbers = numbersOf(this.tape)
    const after = numberAfter(numbers, this.number)
    const items: YamlNode[] = []
    for (let item = this.number + 1; item < after; item = numberAfter(numbers, item))
      items.push(nodeOnTape(this.tape, item))
    this.made = items
    return items
  }
}

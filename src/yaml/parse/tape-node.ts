import type {
  AliasNode,
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
  const known = tape.made?.nodes[number]
  if (known !== undefined) return known
  const node = newNode(tape, number)
  if (tape.made !== undefined) tape.made.nodes[number] = node
  return node
}

function newNode(tape: Tape, number: number): YamlNode {
  const numbers = numbersOf(tape)
  const at = tapeStart() + number * 4
  const what = numbers[at] as number
  const start = numbers[at + 1] as number
  const end = numbers[at + 2] as number
  const kind = what & 3
  if (kind === 0) {
    const style = styles[(what >> 2) & 7] as ScalarStyle
    // most scalars have no properties, and an object is made faster without them
    if ((what & hasRecord) === 0) return { kind: 'scalar', style, start, end } satisfies ScalarNode
    return { kind: 'scalar', style, start, end, ...propertiesOf(tape, number) } satisfies ScalarNode
  }
  if (kind === 1) return new TapeMapping(tape, number, what, start, end)
  if (kind === 2) return new TapeSequence(tape, number, what, start, end)
  return new TapeAlias(tape, numbers[at + 4] as number, start, end)
}

const styles: readonly ScalarStyle[] = ['plain', 'single', 'double', 'literal', 'folded']
const isFlow = 1 << 5
const hasRecord = 1 << 7

/** The anchor and the tag of a node with a record. */
function propertiesOf(tape: Tape, number: number): { readonly anchor?: string; tag?: string } {
  const numbers = numbersOf(tape)
  const at = tapeStart() + number * 4 + 4
  const lengths = numbers[at + 2] as number
  const text = (start: number, length: number) =>
    tape.bytes.toString('latin1', start, start + length)
  const anchor = text(numbers[at] as number, lengths & 0xffff)
  const tag = text(numbers[at + 1] as number, lengths >>> 16)
  return { ...(anchor !== '' && { anchor }), ...(tag !== '' && { tag }) }
}

/** The number of the node after this one and everything that it contains. */
export const numberAfter = (numbers: Uint32Array, number: number) =>
  numbers[tapeStart() + number * 4 + 3] as number

/** The number of the first node in a collection. */
export const firstInside = (numbers: Uint32Array, number: number) =>
  number + (((numbers[tapeStart() + number * 4] as number) & hasRecord) === 0 ? 1 : 2)

/** All aliases on a tape, in order. */
export function aliasesOnTape(tape: Tape, last: number): readonly AliasNode[] {
  const numbers = numbersOf(tape)
  const found: number[] = []
  // the root is not an alias, so its number ends the list
  for (let number = last; number !== 0; number = numbers[tapeStart() + number * 4 + 5] as number)
    found.push(number)
  return found.reverse().map(number => nodeOnTape(tape, number) as AliasNode)
}

/** An alias whose node is made on demand. */
class TapeAlias implements AliasNode {
  readonly kind = 'alias'
  readonly start: number
  readonly end: number
  private readonly tape: Tape
  private readonly number: number

  /** `number` is the one of the node with the anchor. */
  constructor(tape: Tape, number: number, start: number, end: number) {
    this.tape = tape
    this.number = number
    this.start = start
    this.end = end
  }

  get target(): string {
    return this.tape.bytes.toString('latin1', this.start + 1, this.end)
  }

  get to(): YamlNode {
    return nodeOnTape(this.tape, this.number)
  }
}

/** A collection on a tape. */
class TapeCollection {
  readonly flow: boolean
  readonly start: number
  readonly end: number
  readonly tape: Tape
  readonly number: number
  private readonly hasProperties: boolean

  constructor(tape: Tape, number: number, what: number, start: number, end: number) {
    this.tape = tape
    this.number = number
    this.flow = (what & isFlow) !== 0
    this.hasProperties = (what & hasRecord) !== 0
    this.start = start
    this.end = end
  }

  get anchor(): string | undefined {
    return this.hasProperties ? propertiesOf(this.tape, this.number).anchor : undefined
  }

  get tag(): string | undefined {
    return this.hasProperties ? propertiesOf(this.tape, this.number).tag : undefined
  }
}

/**
 * A mapping whose entries are made on demand: an object for each would cost more than reading the
 * bytes.
 */
export class TapeMapping extends TapeCollection implements MappingNode {
  readonly kind = 'mapping'
  /** The entries made so far, by the numbers of their keys. */
  private readonly made = new Map<number, MappingEntry>()

  get entries(): readonly MappingEntry[] {
    const numbers = numbersOf(this.tape)
    const after = numberAfter(numbers, this.number)
    const entries: MappingEntry[] = []
    let key = firstInside(numbers, this.number)
    while (key < after) {
      entries.push(this.entryAt(key))
      key = numberAfter(numbers, numberAfter(numbers, key))
    }
    return entries
  }

  /** The entry whose key has this number. */
  entryAt(key: number): MappingEntry {
    const known = this.tape.made === undefined ? this.made.get(key) : this.tape.made.entries[key]
    if (known !== undefined) return known
    const value = numberAfter(numbersOf(this.tape), key)
    const entry = { key: nodeOnTape(this.tape, key), value: nodeOnTape(this.tape, value) }
    if (this.tape.made === undefined) this.made.set(key, entry)
    else this.tape.made.entries[key] = entry
    return entry
  }
}

/** A sequence whose items are made on demand. */
class TapeSequence extends TapeCollection implements SequenceNode {
  readonly kind = 'sequence'
  private made: readonly YamlNode[] | undefined

  get items(): readonly YamlNode[] {
    if (this.made !== undefined) return this.made
    const numbers = numbersOf(this.tape)
    const after = numberAfter(numbers, this.number)
    const items: YamlNode[] = []
    let item = firstInside(numbers, this.number)
    for (; item < after; item = numberAfter(numbers, item)) items.push(nodeOnTape(this.tape, item))
    this.made = items
    return items
  }
}

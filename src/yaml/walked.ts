import type { MappingEntry, MappingNode, ScalarNode, ScalarStyle, SequenceNode, YamlNode } from './node.ts'
import { decodeScalar, saysPlainly } from './text.ts'
import { isLoaded, tapeStart, words } from './wasm.ts'

/** What was walked, and by which load its tape stands in the scratch memory; `again` walks it again and says by which. */
export interface Walked {
  readonly bytes: Buffer
  loaded: number
  readonly again: () => number
}

/** The node with this number on the tape (assembly/tape.ts says how nodes stand there). */
export function nodeOnTape(walked: Walked, number: number): YamlNode {
  const tape = tapeOf(walked)
  const at = tapeStart() + number * 4
  const what = tape[at] as number
  const start = tape[at + 1] as number
  const end = tape[at + 2] as number
  switch (what & 3) {
    case 0:
      return { kind: 'scalar', style: styles[what >> 2] as ScalarStyle, start, end } satisfies ScalarNode
    case 1:
      return new WalkedMapping(walked, number, what, start, end)
    default:
      return new WalkedSequence(walked, number, what, start, end)
  }
}

const styles: readonly ScalarStyle[] = ['plain', 'single', 'double', 'literal', 'folded']
const isFlow = 32
const imageList = 64

/** The tape, which another walk may have overwritten. */
function tapeOf(walked: Walked): Uint32Array {
  if (!isLoaded(walked.loaded)) walked.loaded = walked.again()
  return words()
}

/** A mapping whose entries are made when somebody asks for them: an object for each would cost more than reading the bytes. */
class WalkedMapping implements MappingNode {
  readonly kind = 'mapping'
  readonly flow: boolean
  readonly start: number
  readonly end: number
  readonly mayHoldImages: boolean
  private readonly walked: Walked
  private readonly number: number
  /** Those that were made, at their places. */
  private readonly made: (MappingEntry | undefined)[] = []

  constructor(walked: Walked, number: number, what: number, start: number, end: number) {
    this.walked = walked
    this.number = number
    this.flow = (what & isFlow) !== 0
    this.mayHoldImages = (what & imageList) !== 0
    this.start = start
    this.end = end
  }

  get entries(): readonly MappingEntry[] {
    return this.pick(() => true)
  }

  pick(wanted: (start: number, end: number, mayHoldImages: boolean) => boolean): readonly MappingEntry[] {
    const tape = tapeOf(this.walked)
    const first = tapeStart()
    const after = tape[first + this.number * 4 + 3] as number
    const picked: MappingEntry[] = []
    for (let key = this.number + 1, place = 0; key < after; place++) {
      const value = first + (key + 1) * 4
      if (wanted(tape[value + 1] as number, tape[value + 2] as number, ((tape[value] as number) & imageList) !== 0))
        picked.push(this.entryAt(place, key))
      key = tape[value + 3] as number
    }
    return picked
  }

  find(name: string): MappingEntry | undefined {
    const { bytes } = this.walked
    const tape = tapeOf(this.walked)
    const first = tapeStart()
    const after = tape[first + this.number * 4 + 3] as number
    for (let key = this.number + 1, place = 0; key < after; place++) {
      const at = first + key * 4
      const start = tape[at + 1] as number
      const end = tape[at + 2] as number
      const style = styles[(tape[at] as number) >> 2] as ScalarStyle
      if (style === 'plain' ? saysPlainly(bytes, start, end, name) : decodeScalar(bytes, { kind: 'scalar', style, start, end }) === name)
        return this.entryAt(place, key)
      key = tape[at + 7] as number
    }
    return undefined
  }

  private entryAt(place: number, key: number): MappingEntry {
    const known = this.made[place]
    if (known !== undefined) return known
    const entry = { key: nodeOnTape(this.walked, key), value: nodeOnTape(this.walked, key + 1) }
    this.made[place] = entry
    return entry
  }
}

/** A sequence whose items are made when somebody asks for them. */
class WalkedSequence implements SequenceNode {
  readonly kind = 'sequence'
  readonly flow: boolean
  readonly start: number
  readonly end: number
  readonly mayHoldImages: boolean
  private readonly walked: Walked
  private readonly number: number
  private made: readonly YamlNode[] | undefined

  constructor(walked: Walked, number: number, what: number, start: number, end: number) {
    this.walked = walked
    this.number = number
    this.flow = (what & isFlow) !== 0
    this.mayHoldImages = (what & imageList) !== 0
    this.start = start
    this.end = end
  }

  get items(): readonly YamlNode[] {
    if (this.made !== undefined) return this.made
    const tape = tapeOf(this.walked)
    const first = tapeStart()
    const after = tape[first + this.number * 4 + 3] as number
    const items: YamlNode[] = []
    for (let item = this.number + 1; item < after; item = tape[first + item * 4 + 3] as number) items.push(nodeOnTape(this.walked, item))
    this.made = items
    return items
  }
}

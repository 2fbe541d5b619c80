import type {
  MappingEntry,
  MappingNode,
  Placed,
  ScalarNode,
  ScalarStyle,
  SequenceNode,
  YamlNode,
} from '../tree/node.ts'
import type { Query } from '../tree/query.ts'
import { saysText } from '../tree/scalar-text.ts'
import { assembly, isLoaded, latin1, nameInMemory, tapeStart, words } from './wasm.ts'

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
      return {
        kind: 'scalar',
        style: styles[what >> 2] as ScalarStyle,
        start,
        end,
      } satisfies ScalarNode
    case 1:
      return new WalkedMapping(walked, number, what, start, end)
    default:
      return new WalkedSequence(walked, number, what, start, end)
  }
}

const styles: readonly ScalarStyle[] = ['plain', 'single', 'double', 'literal', 'folded']
const isFlow = 32

/** The tape, which another walk may have overwritten. Its numbers begin at `tapeStart()`. */
function tapeOf(walked: Walked): Uint32Array {
  if (!isLoaded(walked.loaded)) walked.loaded = walked.again()
  return words()
}

/** The number of the node behind this one and all that it holds. */
const behind = (tape: Uint32Array, number: number) => tape[tapeStart() + number * 4 + 3] as number

/** The answer of assembly/paths.ts: so many nodes with their paths; undefined for -1. */
function placed<N extends YamlNode>(
  walked: Walked,
  count: number,
): readonly Placed<N>[] | undefined {
  if (count === -1) return undefined
  const found: Placed<N>[] = []
  let at = assembly.tapeEnd() >>> 0
  for (let index = 0; index < count; index++) {
    const number = words()[at >>> 2] as number
    const length = words()[(at >>> 2) + 1] as number
    found.push({
      path: pathOf(latin1(at + 8, at + 8 + length)),
      node: nodeOnTape(walked, number) as N,
    })
    at += 8 + ((length + 3) & ~3)
  }
  return found
}

const paths = new Map<string, Placed<YamlNode>['path']>()
const maxPaths = 10_000

/** The path that these characters say, one for each byte: resources are alike, so thousands of fields share one. */
function pathOf(written: string): Placed<YamlNode>['path'] {
  const known = paths.get(written)
  if (known !== undefined) return known
  const path = written
    .slice(0, -1)
    .split('\0')
    .map(step =>
      step.startsWith('\x01') ? Number(step.slice(1)) : Buffer.from(step, 'latin1').toString(),
    )
  if (paths.size >= maxPaths) paths.clear()
  paths.set(written, path)
  return path
}

/** A mapping whose entries are made when somebody asks for them: an object for each would cost more than reading the bytes. */
class WalkedMapping implements MappingNode {
  readonly kind = 'mapping'
  readonly flow: boolean
  readonly start: number
  readonly end: number
  private readonly walked: Walked
  private readonly number: number
  /** Those that were made, by the numbers of their keys. */
  private readonly made = new Map<number, MappingEntry>()

  constructor(walked: Walked, number: number, what: number, start: number, end: number) {
    this.walked = walked
    this.number = number
    this.flow = (what & isFlow) !== 0
    this.start = start
    this.end = end
  }

  get entries(): readonly MappingEntry[] {
    const tape = tapeOf(this.walked)
    const after = behind(tape, this.number)
    const entries: MappingEntry[] = []
    for (let key = this.number + 1; key < after; key = behind(tape, key + 1))
      entries.push(this.entryAt(key))
    return entries
  }

  find(name: string): MappingEntry | undefined {
    const tape = tapeOf(this.walked)
    const after = behind(tape, this.number)
    const bytes = nameInMemory(name)
    for (let key = this.number + 1; key < after; ) {
      const found = bytes === undefined ? -key : assembly.find(key, after, bytes.at, bytes.length)
      if (found === 0) return undefined
      const entry = this.entryAt(Math.abs(found))
      if (found > 0 || saysText(this.walked.bytes, entry.key as ScalarNode, name)) return entry
      key = behind(tape, 1 - found)
    }
    return undefined
  }

  indexOf(text: string, from: number, end: number): number | undefined {
    const name = nameInMemory(text)
    if (name === undefined) return undefined
    tapeOf(this.walked)
    const found = assembly.indexOf(from, end, name.at, name.length)
    return found === -1 ? -1 : found >>> 0
  }

  lookup({ at, answers }: Query): readonly (YamlNode | undefined)[] | undefined {
    const tape = tapeOf(this.walked)
    if (at === undefined || assembly.lookup(this.number, at) === 0) return undefined
    return answers.map(answer => {
      const number = tape[answer] as number
      return number === 0 ? undefined : nodeOnTape(this.walked, number)
    })
  }

  scalarsTouching(start: number, end: number): readonly Placed<ScalarNode>[] | undefined {
    tapeOf(this.walked)
    return placed(this.walked, assembly.scalarsTouching(this.number, start, end))
  }

  imageLists(): readonly Placed<SequenceNode>[] | undefined {
    tapeOf(this.walked)
    return placed(this.walked, assembly.imageListsBelow(this.number))
  }

  private entryAt(key: number): MappingEntry {
    const known = this.made.get(key)
    if (known !== undefined) return known
    const entry = { key: nodeOnTape(this.walked, key), value: nodeOnTape(this.walked, key + 1) }
    this.made.set(key, entry)
    return entry
  }
}

/** A sequence whose items are made when somebody asks for them. */
class WalkedSequence implements SequenceNode {
  readonly kind = 'sequence'
  readonly flow: boolean
  readonly start: number
  readonly end: number
  private readonly walked: Walked
  private readonly number: number
  private made: readonly YamlNode[] | undefined

  constructor(walked: Walked, number: number, what: number, start: number, end: number) {
    this.walked = walked
    this.number = number
    this.flow = (what & isFlow) !== 0
    this.start = start
    this.end = end
  }

  get items(): readonly YamlNode[] {
    if (this.made !== undefined) return this.made
    const tape = tapeOf(this.walked)
    const after = behind(tape, this.number)
    const items: YamlNode[] = []
    for (let item = this.number + 1; item < after; item = behind(tape, item))
      items.push(nodeOnTape(this.walked, item))
    this.made = items
    return items
  }
}

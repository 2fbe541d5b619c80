import type { Located, MappingNode, TreeIndex, YamlNode } from '../tree/node.ts'
import { equalsText } from '../tree/scalar-text.ts'
import { markListKeys } from './mark-list-keys.ts'
import { numbersOf, type Tape } from './tape.ts'
import { firstInside, nodeOnTape, numberAfter, type TapeMapping } from './tape-node.ts'
import { queryInMemory } from './tape-query.ts'
import { assembly, latin1, nameInMemory, words } from './wasm.ts'

/** Answers questions to a tree of the fast reader on its tape. */
export const tapeIndex: TreeIndex = {
  entryOf(mapping, name) {
    const { tape, number } = onTape(mapping)
    const numbers = numbersOf(tape)
    const after = numberAfter(numbers, number)
    const bytes = nameInMemory(name)
    for (let key = firstInside(numbers, number); key < after; ) {
      // a negative number is a key in quotes or with a tag, which is compared here
      const found =
        bytes === undefined ? -key : assembly.findKey(key, after, bytes.address, bytes.length)
      if (found === 0) return undefined
      const entry = onTape(mapping).entryAt(Math.abs(found))
      if (found > 0 || (entry.key.kind === 'scalar' && equalsText(tape.bytes, entry.key, name)))
        return entry
      key = numberAfter(numbers, numberAfter(numbers, -found))
    }
    return undefined
  },

  nodesAt(mapping, query) {
    const { tape, number } = onTape(mapping)
    const known = queryInMemory(query)
    const numbers = numbersOf(tape)
    if (known === undefined || assembly.lookUp(number, known.address) === 0) return undefined
    return known.answers.map(answer => {
      const found = numbers[answer] as number
      return found === 0 ? undefined : nodeOnTape(tape, found)
    })
  },

  scalarsOnLines(mapping, start, end) {
    const { tape, number } = onTape(mapping)
    numbersOf(tape)
    return located(tape, assembly.scalarsOnLines(number, start, end))
  },

  sequencesBelow(mapping, keys) {
    if (!markListKeys(keys)) return undefined
    const { tape, number } = onTape(mapping)
    numbersOf(tape)
    return located(tape, assembly.sequencesBelow(number))
  },

  offsetOfText(mapping, text, from, end) {
    const name = nameInMemory(text)
    if (name === undefined) return undefined
    numbersOf(onTape(mapping).tape)
    const found = assembly.indexOf(from, end, name.address, name.length)
    return found === -1 ? -1 : found >>> 0
  },
}

/** A tree with this index has no other mappings. */
const onTape = (mapping: MappingNode) => mapping as TapeMapping

/**
 * The answer of assembly/paths.ts: the number of nodes, which follow the tape with their paths, or
 * -1.
 */
function located<N extends YamlNode>(tape: Tape, count: number): readonly Located<N>[] | undefined {
  if (count === -1) return undefined
  const found: Located<N>[] = []
  let at = assembly.tapeEnd() >>> 0
  for (let index = 0; index < count; index++) {
    const number = words()[at >>> 2] as number
    const length = words()[(at >>> 2) + 1] as number
    found.push({
      path: pathOf(latin1(at + 8, at + 8 + length)),
      node: nodeOnTape(tape, number) as N,
    })
    at += 8 + ((length + 3) & ~3)
  }
  return found
}

const paths = new Map<string, Located<YamlNode>['path']>()
const maxPaths = 10_000

/**
 * The path in these characters, one for each byte. Resources are alike, so thousands of fields
 * share one path object.
 */
function pathOf(written: string): Located<YamlNode>['path'] {
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

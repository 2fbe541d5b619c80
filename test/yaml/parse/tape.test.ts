import { numbersOf, type Tape, writeTape } from '../../../src/yaml/parse/tape.ts'
import { load, tapeStart } from '../../../src/yaml/parse/wasm.ts'

const tapeFor = (text: string, blank = 0): Tape => {
  const bytes = Buffer.from(text)
  return { bytes, span: { start: 0, end: bytes.length, blank }, loaded: 0 }
}

/** The start and the end of the node with this number. */
const rangeOf = (tape: Tape, number: number) => {
  const numbers = numbersOf(tape)
  const index = tapeStart() + 4 * number
  return [numbers[index + 1], numbers[index + 2]]
}

test.each([
  ['a mapping, its key and its value', 'a: b\n', 0, 3],
  ['nothing', '# a\n', 0, 0],
  ['an item after its dash', '- a: b\n', 1, 3],
  ['what the fast reader leaves to the full parser', '? b\n', 0, -1],
])('the number of nodes of %s', (_name, text, blank, count) => {
  expect(writeTape(tapeFor(text, blank))).toBe(count)
})

test('a tape is written again after other bytes were loaded', () => {
  const tape = tapeFor('key: value\n')
  writeTape(tape)
  const first = rangeOf(tape, 2)
  expect(first).toEqual([5, 10])
  load(Buffer.alloc(1000, 'x'), 0, 1000)
  expect(rangeOf(tape, 2)).toEqual(first)
})

test('offsets are those of the whole input, and a byte order mark is skipped', () => {
  const bytes = Buffer.from('\ufeffa: b\n---\nc: d\n')
  const start = bytes.indexOf('---')
  const tape = (from: number, end: number): Tape => ({
    bytes,
    span: { start: from, end, blank: 0 },
    loaded: 0,
  })
  expect(rangeOf(tape(0, start), 0)).toEqual([3, 7])
  expect(rangeOf(tape(start, bytes.length), 0)).toEqual([start + 4, start + 8])
})

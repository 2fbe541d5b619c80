import fc from 'fast-check'
import { unindentedLines } from '../../src/yaml/scan.ts'

const chunk = 0x10000

test.each([
  ['keys and dashes', 'a:\n  b\n- c\n\td\n', [0, 3 + 4, 11]],
  ['no blank lines', 'a\n\n\r\n \nb\n', [0, 7]],
  ['the first line, whatever it is', '  a\n', [0]],
  ['nothing behind the last line end', 'a\n', [0]],
])('unindented lines: %s', (_name, text, lines) => {
  expect([...unindentedLines(Buffer.from(text), 0, Buffer.byteLength(text))]).toEqual(lines)
})

/** Bytes whose interesting places lie around the borders of chunks and of the 16 bytes of a step. */
const bytes = fc
  .tuple(
    fc.array(fc.constantFrom(...Buffer.from('\n\n\n  ab-\t\r')), { maxLength: 80 }),
    fc.constantFrom(0, 1, chunk - 40, chunk - 16, 2 * chunk - 33),
    fc.nat(40),
  )
  .map(([tail, before, more]) => Buffer.concat([Buffer.alloc(before + more, 'x'), Buffer.from(tail)]))

test('unindented lines are those that a loop over the bytes finds', () => {
  fc.assert(
    fc.property(bytes, fc.nat(50), fc.nat(50), (bytes, before, behind) => {
      const start = Math.min(before, bytes.length)
      const end = Math.max(start, bytes.length - behind)
      const expected = [start]
      for (let at = start + 1; at < end; at++) {
        const rest = bytes.toString('latin1', at, at + 2)
        if (bytes[at - 1] === 10 && !/^(?: |\n|\r\n)/.test(rest)) expected.push(at)
      }
      expect([...unindentedLines(bytes, start, end)]).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

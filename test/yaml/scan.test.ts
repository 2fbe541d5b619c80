import fc from 'fast-check'
import { hasSpecial, unindentedLines } from '../../src/yaml/scan.ts'

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

test('every byte alone is special or not', () => {
  const special = Array.from({ length: 256 }, (_, value) => value).filter(value => hasSpecial(Buffer.from([value]), 0, 1))
  const expected = Array.from({ length: 256 }, (_, value) => value).filter(
    value => value >= 0x7f || (value < 0x20 && value !== 9 && value !== 10),
  )
  expect(special).toEqual(expected)
})

test('a special byte is found wherever it stands, and not outside', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 15, 16, 17, 100, chunk - 1, chunk, chunk + 1, 2 * chunk + 5),
      fc.nat(),
      fc.constantFrom(0, 13, 0x7f, 0x80, 0xff),
      (length, place, value) => {
        const bytes = Buffer.alloc(length, 'x')
        const at = place % length
        bytes[at] = value
        expect(hasSpecial(bytes, 0, length)).toBe(true)
        expect(hasSpecial(bytes, 0, at) || hasSpecial(bytes, at + 1, length)).toBe(false)
      },
    ),
    { numRuns: 300 },
  )
})

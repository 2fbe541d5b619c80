import fc from 'fast-check'
import { isOrdinary } from '../../src/yaml/ordinary.ts'
import { load } from '../../src/yaml/wasm.ts'

function ordinary(bytes: Buffer, start = 0, end = bytes.length): boolean {
  load(bytes, start, end)
  return isOrdinary(bytes, { start, end, blank: 0 })
}

test.each([
  ['ASCII', 'a: b\n\tc\n', true],
  ['nothing', '', true],
  ['unicode', 'é 漢字 😀\n', true],
  ['windows line ends', 'a\r\nb\r\n', true],
  ['a byte order mark at the beginning', '\ufeffa\n', true],
  ['a byte order mark inside', 'a\ufeff\n', false],
  ['a lone carriage return', 'a\rb\n', false],
  ['a carriage return at the end', 'a\n\r', false],
])('%s', (_name, text, expected) => {
  expect(ordinary(Buffer.from(text))).toBe(expected)
})

test('every byte alone: of ASCII, all but control characters', () => {
  const found = Array.from({ length: 256 }, (_, value) => value).filter(value => ordinary(Buffer.from([value])))
  expect(found).toEqual([9, 10, ...Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index)])
})

test('what is not ordinary is found wherever it stands, and not outside', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 15, 16, 17, 100, 0x10001),
      fc.nat(),
      fc.constantFrom(0, 13, 0x7f, 0x80, 0xff),
      (length, place, value) => {
        const bytes = Buffer.alloc(length, 'x')
        const at = place % length
        bytes[at] = value
        expect(ordinary(bytes)).toBe(false)
        expect(ordinary(bytes, 0, at) && ordinary(bytes, at + 1, length)).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

import fc from 'fast-check'
import { assembly, load } from '../../src/yaml/parse/wasm.ts'
import { byteOrderMark } from '../../src/yaml/position.ts'

function ordinary(bytes: Buffer, start = 0, end = bytes.length): boolean {
  load(bytes, start, end)
  return assembly.isOrdinary(byteOrderMark(bytes, start)) === 1
}

test.each([
  ['ASCII', 'a: b\n\tc\n', true],
  ['nothing', '', true],
  ['unicode', 'é 漢字 😀\n', true],
  ['Windows line ends', 'a\r\nb\r\n', true],
  ['a byte order mark at the beginning', '\ufeffa\n', true],
  ['a byte order mark inside', 'a\ufeff\n', false],
  ['a lone carriage return', 'a\rb\n', false],
  ['a carriage return at the end', 'a\n\r', false],
])('%s', (_name, text, expected) => {
  expect(ordinary(Buffer.from(text))).toBe(expected)
})

test.each([
  ['a byte that continues nothing', [0x80]],
  ['a character that ends too early', [0xe2, 0x82]],
  ['one that goes on with ASCII', [0xc3, 0x28]],
  ['two bytes for one', [0xc1, 0xbf]],
  ['three for two', [0xe0, 0x9f, 0xbf]],
  ['four for three', [0xf0, 0x8f, 0xbf, 0xbf]],
  ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
  ['beyond the last character', [0xf4, 0x90, 0x80, 0x80]],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
])('not UTF-8: %s', (_name, bytes) => {
  expect(ordinary(Buffer.from([0x61, ...bytes]))).toBe(false)
  expect(ordinary(Buffer.from([0x61, ...bytes, 0x61, 0x0a]))).toBe(false)
})

test('every byte alone: of ASCII, all but control characters', () => {
  const found = Array.from({ length: 256 }, (_, value) => value).filter(value =>
    ordinary(Buffer.from([value])),
  )
  expect(found).toEqual([9, 10, ...Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index)])
})

test('what is not ordinary is found at any offset, but not outside the bytes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 15, 16, 17, 100, 0x10001),
      fc.nat(),
      fc.constantFrom(0, 13, 0x7f, 0x80, 0xff),
      (length, number, value) => {
        const bytes = Buffer.alloc(length, 'x')
        const at = number % length
        bytes[at] = value
        expect(ordinary(bytes)).toBe(false)
        expect(ordinary(bytes, 0, at) && ordinary(bytes, at + 1, length)).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

test('UTF-8 is what Node accepts', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const isUtf8 = (bytes: Buffer) => {
    try {
      return !decoder.decode(bytes).includes('\ufeff')
    } catch {
      return false
    }
  }
  const value = fc.constantFrom(
    0x41,
    0x7e,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbb,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xe1,
    0xec,
    0xed,
    0xee,
    0xef,
    0xf0,
    0xf1,
    0xf3,
    0xf4,
    0xf5,
    0xff,
  )
  const characters = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .map(text => Buffer.from(text.replace(/[\0-\x1f\x7f\ufeff]/g, '')))
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(value, { maxLength: 6 }).map(values => Buffer.from(values)),
        characters,
      ),
      fc.nat(20),
      (bytes, before) => {
        const text = Buffer.concat([Buffer.alloc(before, 'x'), bytes])
        expect(ordinary(Buffer.concat([Buffer.from('x'), text]), 1)).toBe(isUtf8(text))
      },
    ),
    { numRuns: 20_000 },
  )
})

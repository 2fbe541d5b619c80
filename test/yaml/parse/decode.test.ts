import fc from 'fast-check'
import { byteOffsets, decodeSpan } from '../../../src/yaml/parse/decode.ts'

test('the text of a span', () => {
  expect(decodeSpan(Buffer.from('é\n- a: ü\nb'), { start: 3, end: 11, blank: 1 }, undefined)).toBe(
    '- a: ü\n',
  )
})

test.each([
  [
    'a latin-1 letter',
    Buffer.from('a: b\nc: caf\xe9\n', 'latin1'),
    'a.yaml:2:7: must be UTF-8, found the byte 0xe9',
  ],
  [
    'a sequence cut by the end',
    Buffer.from([0x61, 0xe2, 0x82]),
    'a.yaml:1:2: must be UTF-8, found the byte 0xe2',
  ],
  [
    'a sequence cut by another letter',
    Buffer.from([0x61, 0xf0, 0x9f, 0x62, 0x63]),
    'a.yaml:1:2: must be UTF-8, found the byte 0xf0',
  ],
  [
    'a byte that never occurs in UTF-8',
    Buffer.from([0x61, 0x62, 0xff, 0x63]),
    'a.yaml:1:3: must be UTF-8, found the byte 0xff',
  ],
  [
    'a surrogate',
    Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62]),
    'a.yaml:1:2: must be UTF-8, found the byte 0xed',
  ],
  [
    'UTF-16',
    Buffer.from('\ufeffa: b', 'utf16le'),
    'a.yaml:1:1: must be UTF-8, found the byte 0xff',
  ],
])('%s is refused at its offset', (_name, bytes, message) => {
  expect(() => decodeSpan(bytes, { start: 0, end: bytes.length, blank: 0 }, 'a.yaml')).toThrow(
    message,
  )
})

test('text that is too long for a string is reported as such, not as invalid UTF-8', () => {
  const bytes = Buffer.alloc(2 ** 29)
  bytes.write('a: b\n')
  expect(() => decodeSpan(bytes, { start: 0, end: bytes.length, blank: 0 }, 'a.yaml')).toThrow(
    'a.yaml:1:1: must be shorter than 536 MB to be read as one piece, got 537 MB; divide it into documents',
  )
})

test('offsets in a text are offsets in its bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      const text = before + after
      expect(byteOffsets(text, Buffer.byteLength(text))(before.length)).toBe(
        Buffer.byteLength(before),
      )
    }),
  )
})

import {
  byteOrderMark,
  lineBreakAt,
  lineEnd,
  lineStart,
  nextLine,
  positionOf,
} from '../../src/yaml/position.ts'

test.each([
  ['the first byte', 'ab\ncd', 0, 1, 1],
  ['a later line', 'ab\ncd', 4, 2, 2],
  ['a line end', 'ab\ncd', 2, 1, 3],
  ['the end', 'ab\ncd', 5, 2, 3],
  ['the line after the last', 'ab\n', 3, 2, 1],
  ['characters, not bytes', 'é😀漢x\n', Buffer.byteLength('é😀漢'), 1, 4],
  ['a Windows line', 'ab\r\ncd', 5, 2, 2],
  ['a byte order mark, which is not a column', '\ufeffab', 4, 1, 2],
])('position of %s', (_name, text, offset, line, column) => {
  expect(positionOf(Buffer.from(text), offset)).toEqual({ line, column })
})

test.each([
  ['in a line', 'ab\ncd\nef', 4, 3, 5, 6],
  ['at its first byte', 'ab\ncd\nef', 3, 3, 5, 6],
  ['at its end', 'ab\ncd\nef', 5, 3, 5, 6],
  ['in the first', 'ab\ncd', 1, 0, 2, 3],
  ['in the last', 'ab\ncd', 4, 3, 5, 5],
  ['in one of Windows', 'ab\r\ncd\r\n', 5, 4, 6, 8],
])('the line of an offset %s', (_name, text, offset, start, end, next) => {
  const bytes = Buffer.from(text)
  expect([lineStart(bytes, offset), lineEnd(bytes, offset), nextLine(bytes, offset)]).toEqual([
    start,
    end,
    next,
  ])
})

test.each([
  ['a\nb\r\n', 0, '\n'],
  ['a\nb\r\n', 2, '\r\n'],
  ['a\r\nb', 3, '\r\n'],
  ['a', 0, '\n'],
])('the line break around %j at %i', (text, offset, expected) => {
  expect(lineBreakAt(Buffer.from(text), offset)).toBe(expected)
})

test.each([
  ['at the beginning', '\ufeffa', 0, 3],
  ['not in the middle', 'abc\ufeff', 3, 0],
  ['none', 'abc', 0, 0],
  ['half of one', Buffer.from([0xef, 0xbb]), 0, 0],
])('the length of a byte order mark %s', (_name, text, start, length) => {
  expect(byteOrderMark(Buffer.from(text as string), start)).toBe(length)
})

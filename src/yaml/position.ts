const newline = 10

/** Line and column (in characters) of a byte offset, both counted from 1. */
export function positionOf(bytes: Buffer, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (
    let feed = bytes.indexOf(newline);
    feed !== -1 && feed < offset;
    feed = bytes.indexOf(newline, feed + 1)
  ) {
    line++
    start = feed + 1
  }
  // a byte order mark is not a column
  let column = offset >= 3 && byteOrderMark(bytes, start) > 0 ? 0 : 1
  for (let at = start; at < offset; at++) if (((bytes[at] as number) & 0xc0) !== 0x80) column++
  return { line, column }
}

/** The offset of the first byte of the line that contains `offset`. */
export function lineStart(bytes: Buffer, offset: number): number {
  return offset === 0 ? 0 : bytes.lastIndexOf(newline, offset - 1) + 1
}

/**
 * The offset of the line end (`\n` or `\r\n`) at or after `offset`, or the end of the bytes if
 * there is none.
 */
export function lineEnd(bytes: Buffer, offset: number): number {
  const at = bytes.indexOf(newline, offset)
  if (at === -1) return bytes.length
  return at > offset && bytes[at - 1] === 13 ? at - 1 : at
}

/** The offset of the first byte of the line after the one that contains `offset`. */
export function nextLine(bytes: Buffer, offset: number): number {
  const at = bytes.indexOf(newline, offset)
  return at === -1 ? bytes.length : at + 1
}

/** The kind of line end that is used around `offset`. */
export function lineBreakAt(bytes: Buffer, offset: number): '\n' | '\r\n' {
  const after = bytes.indexOf(newline, offset)
  const at = after === -1 ? bytes.lastIndexOf(newline) : after
  return at > 0 && bytes[at - 1] === 13 ? '\r\n' : '\n'
}

/**
 * The length of the byte order mark at `start`: 3, or 0 if `start` is not the beginning of the
 * input or there is none.
 */
export function byteOrderMark(bytes: Buffer, start: number): number {
  return start === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

import { byteOrderMark, markerAt } from './stream.ts'
import { byte, isSpace } from './walk-scalar.ts'

/** The first byte from `at` on that is no space. */
export function skipSpaces(bytes: Buffer, from: number, limit: number): number {
  let at = from
  while (at < limit && bytes[at] === byte.space) at++
  return at
}

/** Whether a line ends at `at`, or its comment begins there. */
export function endsLine(bytes: Buffer, at: number, limit: number): boolean {
  const found = bytes[at]
  return at >= limit || found === byte.newline || found === byte.carriageReturn || found === byte.hash
}

/** The beginning of the line after the one that holds `from`. */
export function lineAfter(bytes: Buffer, from: number, limit: number): number {
  const at = bytes[from] === byte.newline ? from : bytes.indexOf(byte.newline, from)
  return at === -1 || at >= limit ? limit : at + 1
}

/** Behind the byte order mark, the comments and the `---` line of a document; -1 where text on that line makes it unusual. */
export function skipHeader(bytes: Buffer, start: number, limit: number): number {
  const first = start + byteOrderMark(bytes, start)
  let line = first
  while (line < limit) {
    const text = skipSpaces(bytes, line, limit)
    if (endsLine(bytes, text, limit)) line = lineAfter(bytes, text, limit)
    else if (text === line && markerAt(bytes, text) === '---') return blankAfter(bytes, text + 3, limit)
    else return first
  }
  return first
}

/** Whether nothing but blank lines and comments stands behind the `...` at `at`. */
export function endsDocument(bytes: Buffer, at: number, limit: number): boolean {
  let line = blankAfter(bytes, at + 3, limit)
  while (line !== -1 && line < limit) {
    line = bytes[line] === byte.hash ? lineAfter(bytes, line, limit) : blankAfter(bytes, line, limit)
  }
  return line !== -1
}

/** The beginning of the next line when nothing but spaces and a comment stand on this one from `from` on; else -1. */
function blankAfter(bytes: Buffer, from: number, limit: number): number {
  let at = from
  while (at < limit && isSpace(bytes[at])) at++
  if (!endsLine(bytes, at, limit) || (bytes[at] === byte.hash && at < limit && at === from)) return -1
  return lineAfter(bytes, at, limit)
}

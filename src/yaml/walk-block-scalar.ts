import { byte, isSpace } from './walk-scalar.ts'

export interface BlockScalarRange {
  /** The end of the last line that is not blank. */
  readonly end: number
  /** Where the line after the scalar begins. */
  readonly next: number
}

/** The range of a block scalar whose `|` or `>` stands at `from`; undefined where it is broken or unusual. */
export function scanBlockScalar(bytes: Buffer, from: number, limit: number, parentIndent: number): BlockScalarRange | undefined {
  let at = from + 1
  if (bytes[at] === byte.dash || bytes[at] === byte.plus) at++
  let end = at
  while (at < limit && isSpace(bytes[at])) at++
  if (at < limit && bytes[at] === byte.hash && at > end) {
    at = bytes.indexOf(byte.newline, at)
    if (at === -1 || at >= limit) return undefined
  } else if (bytes[at] === byte.carriageReturn) at++
  if (at >= limit || bytes[at] !== byte.newline) return undefined

  let indent = 0
  let blankIndent = 0
  let line = at + 1
  while (line < limit) {
    let text = line
    while (text < limit && bytes[text] === byte.space) text++
    let lineEnd = bytes.indexOf(byte.newline, text)
    if (lineEnd === -1 || lineEnd > limit) lineEnd = limit
    const textEnd = lineEnd > text && bytes[lineEnd - 1] === byte.carriageReturn ? lineEnd - 1 : lineEnd
    const column = text - line
    if (text < textEnd) {
      if (bytes[text] === byte.tab && (indent === 0 || column < indent)) return undefined
      if (indent === 0) {
        if (column <= parentIndent || column === 0) return undefined
        if (blankIndent > column) return undefined
        indent = column
      } else if (column < indent) break
      end = textEnd
    } else if (indent === 0) blankIndent = Math.max(blankIndent, column)
    else if (column > indent) return undefined // these spaces may be text
    line = lineEnd + 1
  }
  return indent === 0 ? undefined : { end, next: Math.min(line, limit) }
}

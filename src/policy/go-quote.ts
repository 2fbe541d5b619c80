const named = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
])

/**
 * The text as Go's `%q` writes it: in double quotes, everything that is not printable escaped.
 * Source: strconv.Quote and strconv.IsPrint, Go 1.26.
 */
export const goQuote = (text: string): string =>
  `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, character => named.get(character) ?? escapePoint(character.codePointAt(0) ?? 0))}"`

const escapePoint = (point: number): string => {
  if (point >= 0xd800 && point <= 0xdfff) return '\ufffd'
  if (point < 0x20 || point === 0x7f) return `\\x${hex(point, 2)}`
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`
}

const hex = (point: number, width: number): string => point.toString(16).padStart(width, '0')

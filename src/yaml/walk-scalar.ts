/** Bytes that YAML gives a meaning. */
export const byte = {
  tab: 0x09,
  newline: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  hash: 0x23,
  apostrophe: 0x27,
  comma: 0x2c,
  plus: 0x2b,
  dash: 0x2d,
  dot: 0x2e,
  colon: 0x3a,
  question: 0x3f,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  bar: 0x7c,
  closeBrace: 0x7d,
  greater: 0x3e,
} as const

const tableOf = (text: string) => {
  const table = new Uint8Array(256)
  for (const character of text) table[character.charCodeAt(0)] = 1
  return table
}

/** Bytes that end or may end a plain scalar. */
const plainStops = tableOf('\n\r:#')
const flowPlainStops = tableOf('\n\r:#,[]{}')
/** Bytes that can't begin a plain scalar, or (`-?:`) only before another than a space. */
const indicators = tableOf('\t\n\r -?:,[]{}#&*!|>\'"%@`')
/** Bytes after which a colon, a dash or a bracket stands for itself. */
const blanks = tableOf('\t\n\r ')
const flowIndicators = tableOf(',[]{}')

/** Whether a byte is a space, a tab, a line end, or none at all. */
export const isBlank = (value: number | undefined) => value === undefined || blanks[value] === 1

/** Whether a plain scalar begins here. */
export function beginsPlain(bytes: Buffer, at: number, end: number, inFlow: boolean): boolean {
  const first = bytes[at] as number
  if (indicators[first] === 0) return true
  if (first !== byte.dash && first !== byte.question && first !== byte.colon) return false
  const next = bytes[at + 1] as number
  return at + 1 < end && blanks[next] === 0 && !(inFlow && flowIndicators[next] === 1)
}

/** Where a plain scalar on one line stops: at a colon that makes it a key, or where its line or its comment begins to end. */
export function scanPlain(bytes: Buffer, from: number, end: number): number {
  let at = from
  for (;;) {
    while (at < end && plainStops[bytes[at] as number] === 0) at++
    if (at >= end) return end
    const found = bytes[at]
    if (found === byte.newline || found === byte.carriageReturn) return at
    if (found === byte.colon) {
      if (at + 1 >= end || blanks[bytes[at + 1] as number] === 1) return at
    } else if (isSpace(bytes[at - 1])) return at
    at++
  }
}

/** The same inside a flow collection, where commas and brackets end it too. */
export function scanFlowPlain(bytes: Buffer, from: number, end: number): number {
  let at = from
  for (;;) {
    while (at < end && flowPlainStops[bytes[at] as number] === 0) at++
    if (at >= end) return end
    const found = bytes[at]
    if (found === byte.colon) {
      const next = bytes[at + 1] as number
      if (at + 1 >= end || blanks[next] === 1 || flowIndicators[next] === 1) return at
    } else if (found !== byte.hash || isSpace(bytes[at - 1])) return at
    at++
  }
}

/** The end of the text before `at`, without the spaces that follow it. */
export function trimEnd(bytes: Buffer, at: number): number {
  let end = at
  while (isSpace(bytes[end - 1])) end--
  return end
}

/** Whether a byte is a space or a tab. */
export const isSpace = (value: number | undefined) => value === byte.space || value === byte.tab

const escapes = tableOf('0abtnvfreN_LP"/\\ ')
const hexLength = new Map([
  [0x78, 2],
  [0x75, 4],
  [0x55, 8],
])

/**
 * The end of a quoted scalar, behind its closing quote; -1 where it is broken or unusual. The lines after its first must be indented
 * more than `parentIndent`.
 */
export function scanQuoted(bytes: Buffer, from: number, end: number, parentIndent: number): number {
  const closing = bytes[from]
  let at = from + 1
  while (at < end) {
    const found = bytes[at] as number
    if (found === closing) {
      if (closing === byte.quote || bytes[at + 1] !== byte.apostrophe || at + 1 >= end) return at + 1
      at += 2
    } else if (found === byte.newline) {
      at = scanContinuation(bytes, at + 1, end, parentIndent)
      if (at === -1) return -1
    } else if (found === byte.backslash && closing === byte.quote) {
      at = scanEscape(bytes, at + 1, end)
      if (at === -1) return -1
    } else at++
  }
  return -1
}

/** Behind an escape, whose character stands at `at`; before the line end that it removes. */
function scanEscape(bytes: Buffer, at: number, end: number): number {
  const character = bytes[at] as number
  if (escapes[character] === 1) return at + 1
  if (character === byte.newline || character === byte.carriageReturn) {
    const line = bytes.indexOf(byte.newline, at) + 1
    let text = line
    while (text < end && isSpace(bytes[text])) text++
    // parsers differ in what a blank line after it says
    return bytes[text] === byte.newline || bytes[text] === byte.carriageReturn ? -1 : line - 1
  }
  const length = hexLength.get(character) ?? 0
  const digits = bytes.toString('latin1', at + 1, at + 1 + length)
  return length > 0 && /^(?:[0-9a-fA-F]{2,4}|00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})$/.test(digits) ? at + 1 + length : -1
}

/** The first byte of the text on a quoted scalar's next line. */
function scanContinuation(bytes: Buffer, from: number, end: number, parentIndent: number): number {
  let at = from
  while (at < end && bytes[at] === byte.space) at++
  const found = bytes[at]
  if (at >= end || found === byte.tab) return -1
  if (found === byte.newline || found === byte.carriageReturn) return at
  // `---` at the beginning of a line ends a document, whatever it stands in
  return at - from > parentIndent && (at > from || (found !== byte.dash && found !== byte.dot)) ? at : -1
}

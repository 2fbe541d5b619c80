import { at, byte, isBlank, isSpace, limit, lineEnd, marker, skipBlanks, skipSpaces } from './input'

/** No address: the text is broken or unusual. */
export const none: u32 = 0

/**
 * 1: cannot begin a plain scalar. 2: can begin one unless a blank follows. Each line of the table
 * has 16 bytes.
 */
// biome-ignore format: a table
const indicators = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 2, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 2,
  1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0,
  1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0,
])

/** Whether a plain scalar begins here. */
export function beginsPlain(address: u32, inFlow: bool): bool {
  const first = at(address)
  if (first >= 0x80) return true
  const what = load<u8>(indicators + first)
  if (what !== 2) return what === 0
  // in a flow collection go-yaml reads such a colon as the end of an absent key
  if (inFlow && first === byte.colon) return false
  const after = at(address + 1)
  return !isBlank(after) && !(inFlow && isFlowIndicator(after))
}

function isFlowIndicator(value: u8): bool {
  return (
    value === byte.comma ||
    value === byte.openBracket ||
    value === byte.closeBracket ||
    value === byte.openBrace ||
    value === byte.closeBrace
  )
}

/**
 * Where a plain scalar on one line stops: at the colon that makes it a key, at a comment, or at the
 * line end.
 */
export function scanPlain(from: u32): u32 {
  let address = from
  while (true) {
    const bytes = v128.load(address)
    let hits = i8x16.bitmask(
      v128.or(
        v128.or(
          i8x16.eq(bytes, i8x16.splat(byte.newline)),
          i8x16.eq(bytes, i8x16.splat(byte.carriageReturn)),
        ),
        v128.or(i8x16.eq(bytes, i8x16.splat(byte.colon)), i8x16.eq(bytes, i8x16.splat(byte.hash))),
      ),
    )
    while (hits !== 0) {
      const stop = address + ctz(hits)
      if (stop >= limit) return limit
      const value = at(stop)
      if (value === byte.colon) {
        if (isBlank(at(stop + 1))) return stop
      } else if (value !== byte.hash || isSpace(at(stop - 1))) return stop
      hits &= hits - 1
    }
    address += 16
  }
}

/** The same in a flow collection, where commas and brackets end it too. */
export function scanFlowPlain(from: u32): u32 {
  let address = from
  for (; address < limit; address++) {
    const found = at(address)
    if (found === byte.colon) {
      const after = at(address + 1)
      if (isBlank(after) || isFlowIndicator(after)) return address
    } else if (found === byte.hash) {
      if (isSpace(at(address - 1))) return address
    } else if (found === byte.newline || found === byte.carriageReturn || isFlowIndicator(found))
      return address
  }
  return limit
}

/**
 * The end of a quoted scalar, after its closing quote; `none` if it is broken or unusual. As in
 * go-yaml, its lines after the first can be indented in any way.
 */
export function scanQuoted(from: u32): u32 {
  const closing = at(from)
  let address = from + 1
  while (true) {
    const bytes = v128.load(address)
    const hits = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(closing)), i8x16.eq(bytes, i8x16.splat(byte.newline))),
        i8x16.eq(bytes, i8x16.splat(byte.backslash)),
      ),
    )
    if (hits === 0) {
      address += 16
      continue
    }
    address += ctz(hits)
    if (address >= limit) return none
    const found = at(address)
    if (found === closing) {
      if (closing === byte.quote || at(address + 1) !== byte.apostrophe) return address + 1
      address += 2
    } else if (found === byte.newline) {
      address = scanContinuation(address + 1)
      if (address === none) return none
    } else if (closing === byte.quote) {
      address = scanEscape(address + 1)
      if (address === none) return none
    } else address++
  }
}

/**
 * The address after an escape whose character is at `address`. If it escapes a line end, the
 * address of that line end.
 */
function scanEscape(address: u32): u32 {
  switch (at(address)) {
    case 0x30: // 0
    case 0x61: // a
    case 0x62: // b
    case 0x74: // t
    case 0x6e: // n
    case 0x76: // v
    case 0x66: // f
    case 0x72: // r
    case 0x65: // e
    case 0x4e: // N
    case 0x5f: // _
    case 0x4c: // L
    case 0x50: // P
    case byte.quote:
    case 0x2f: // /
    case byte.backslash:
    case byte.space:
      return address + 1
    case byte.newline:
    case byte.carriageReturn: {
      const line = lineEnd(address) + 1
      const text = skipBlanks(line)
      // parsers differ in how they read a blank line after it
      return at(text) === byte.newline || at(text) === byte.carriageReturn ? none : line - 1
    }
    case 0x78: // x
      return hasDigits(address + 1, 2) ? address + 3 : none
    case 0x75: // u
      return hasDigits(address + 1, 4) ? address + 5 : none
    case 0x55: // U
      return hasDigits(address + 1, 8) && isCodePoint(address + 1) ? address + 9 : none
    default:
      return none
  }
}

function hasDigits(from: u32, count: u32): bool {
  for (let address = from; address < from + count; address++) {
    const letter = at(address) | 0x20
    if (!(at(address) - 0x30 <= 9 || letter - 0x61 <= 5)) return false
  }
  return true
}

/** At most 10FFFF. */
function isCodePoint(address: u32): bool {
  if (at(address) !== 0x30 || at(address + 1) !== 0x30) return false
  return at(address + 2) === 0x30 || (at(address + 2) === 0x31 && at(address + 3) === 0x30)
}

/** The first byte of the text on a quoted scalar's next line. */
function scanContinuation(from: u32): u32 {
  const address = skipBlanks(from)
  // `---` at the beginning of a line ends a document in any context
  return address >= limit || (address === from && marker(address) !== 0) ? none : address
}

/**
 * The line after the block scalar whose `|` or `>` is at `from`; `none` if it is broken or unusual.
 */
export function scanBlockScalar(from: u32, parentIndent: i32): u32 {
  let address = from + 1
  if (isChomping(address)) address++
  let indent: u32 = 0
  if (at(address) - 0x31 < 9) {
    if (parentIndent < 0) return none
    indent = parentIndent + at(address) - 0x30
    address++
    if (!isChomping(address - 2) && isChomping(address)) address++
  }
  blockScalarEnd = address
  address = skipBlanks(address)
  if (at(address) === byte.hash && address > blockScalarEnd) {
    address = lineEnd(address)
  } else if (at(address) === byte.carriageReturn) address++
  if (address >= limit || at(address) !== byte.newline) return none

  const header = blockScalarEnd
  const isExplicit = indent !== 0
  let blankIndent: u32 = 0
  let line = address + 1
  while (line < limit) {
    const text = skipSpaces(line)
    const end = lineEnd(text)
    const textEnd = end > text && at(end - 1) === byte.carriageReturn ? end - 1 : end
    const column = text - line
    if (text < textEnd) {
      if (at(text) === byte.tab && (indent === 0 || column < indent)) return none
      if (indent === 0) {
        if (<i32>column <= parentIndent || column === 0 || blankIndent > column) return none
        indent = column
      } else if (column < indent) break
      blockScalarEnd = textEnd
    } else if (indent === 0) blankIndent = max(blankIndent, column)
    else if (column > (isExplicit ? 0 : indent)) return none // these spaces may be text
    line = end + 1
  }
  return blockScalarEnd === header ? none : min(line, limit)
}

function isChomping(address: u32): bool {
  return at(address) === byte.dash || at(address) === byte.plus
}

/** The end of the last line of that block scalar that is not blank. */
export let blockScalarEnd: u32 = 0

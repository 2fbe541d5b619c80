import { at, byte, isBlank, isSpace, limit, lineEnd, skipBlanks, skipSpaces } from './input'

/** No place: what stands here is broken, or unusual. */
export const none: u32 = 0

/** 1: can't begin a plain scalar; 2: only before another than a blank. A line for the bytes of 16 at a time. */
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
export function beginsPlain(place: u32, inFlow: bool): bool {
  const first = at(place)
  if (first >= 0x80) return true
  const what = load<u8>(indicators + first)
  if (what !== 2) return what === 0
  const after = at(place + 1)
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

/** Where a plain scalar on one line stops: at a colon that makes it a key, or where its line or its comment begins to end. */
export function scanPlain(from: u32): u32 {
  let place = from
  while (true) {
    const bytes = v128.load(place)
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
      const stop = place + ctz(hits)
      if (stop >= limit) return limit
      const found = at(stop)
      if (found === byte.colon) {
        if (isBlank(at(stop + 1))) return stop
      } else if (found !== byte.hash || isSpace(at(stop - 1))) return stop
      hits &= hits - 1
    }
    place += 16
  }
}

/** The same inside a flow collection, where commas and brackets end it too. */
export function scanFlowPlain(from: u32): u32 {
  let place = from
  for (; place < limit; place++) {
    const found = at(place)
    if (found === byte.colon) {
      const after = at(place + 1)
      if (isBlank(after) || isFlowIndicator(after)) return place
    } else if (found === byte.hash) {
      if (isSpace(at(place - 1))) return place
    } else if (found === byte.newline || found === byte.carriageReturn || isFlowIndicator(found))
      return place
  }
  return limit
}

/**
 * The end of a quoted scalar, behind its closing quote; `none` where it is broken or unusual. The lines after its first must be
 * indented more than `parentIndent`.
 */
export function scanQuoted(from: u32, parentIndent: i32): u32 {
  const closing = at(from)
  let place = from + 1
  while (true) {
    const bytes = v128.load(place)
    const hits = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(closing)), i8x16.eq(bytes, i8x16.splat(byte.newline))),
        i8x16.eq(bytes, i8x16.splat(byte.backslash)),
      ),
    )
    if (hits === 0) {
      place += 16
      continue
    }
    place += ctz(hits)
    if (place >= limit) return none
    const found = at(place)
    if (found === closing) {
      if (closing === byte.quote || at(place + 1) !== byte.apostrophe) return place + 1
      place += 2
    } else if (found === byte.newline) {
      place = scanContinuation(place + 1, parentIndent)
      if (place === none) return none
    } else if (closing === byte.quote) {
      place = scanEscape(place + 1)
      if (place === none) return none
    } else place++
  }
}

/** Behind an escape, whose character stands at `place`; before the line end that it removes. */
function scanEscape(place: u32): u32 {
  switch (at(place)) {
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
      return place + 1
    case byte.newline:
    case byte.carriageReturn: {
      const line = lineEnd(place) + 1
      const text = skipBlanks(line)
      // parsers differ in what a blank line after it says
      return at(text) === byte.newline || at(text) === byte.carriageReturn ? none : line - 1
    }
    case 0x78: // x
      return hasDigits(place + 1, 2) ? place + 3 : none
    case 0x75: // u
      return hasDigits(place + 1, 4) ? place + 5 : none
    case 0x55: // U
      return hasDigits(place + 1, 8) && isCodePoint(place + 1) ? place + 9 : none
    default:
      return none
  }
}

function hasDigits(from: u32, count: u32): bool {
  for (let place = from; place < from + count; place++) {
    const letter = at(place) | 0x20
    if (!(at(place) - 0x30 <= 9 || letter - 0x61 <= 5)) return false
  }
  return true
}

/** At most 10FFFF. */
function isCodePoint(place: u32): bool {
  if (at(place) !== 0x30 || at(place + 1) !== 0x30) return false
  return at(place + 2) === 0x30 || (at(place + 2) === 0x31 && at(place + 3) === 0x30)
}

/** The first byte of the text on a quoted scalar's next line. */
function scanContinuation(from: u32, parentIndent: i32): u32 {
  const place = skipSpaces(from)
  const found = at(place)
  if (place >= limit || found === byte.tab) return none
  if (found === byte.newline || found === byte.carriageReturn) return place
  // `---` at the beginning of a line ends a document, whatever it stands in
  return <i32>(place - from) > parentIndent &&
    (place > from || (found !== byte.dash && found !== byte.dot))
    ? place
    : none
}

/** The line after the block scalar whose `|` or `>` stands at `from`; `none` where it is broken or unusual. */
export function scanBlockScalar(from: u32, parentIndent: i32): u32 {
  let place = from + 1
  if (at(place) === byte.dash || at(place) === byte.plus) place++
  blockScalarEnd = place
  place = skipBlanks(place)
  if (at(place) === byte.hash && place > blockScalarEnd) {
    place = lineEnd(place)
  } else if (at(place) === byte.carriageReturn) place++
  if (place >= limit || at(place) !== byte.newline) return none

  let indent: u32 = 0
  let blankIndent: u32 = 0
  let line = place + 1
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
    else if (column > indent) return none // these spaces may be text
    line = end + 1
  }
  return indent === 0 ? none : min(line, limit)
}

/** The end of the last line of that block scalar that is not blank. */
export let blockScalarEnd: u32 = 0

import { at, byte, isBlank, isSpace, limit, lineEnd, skipSpaces, trimEnd } from './input'
import { maxKeyLength } from './limits'
import { listKeysBefore, listKeysMet, meetKey } from './list-keys'
import { beginsPlain, none, scanFlowPlain, scanQuoted } from './scalar'
import { add, finishFlow, flow, kind, style } from './tape'

/** Deeper collections are left to the full parser. */
const maxDepth: u32 = 100

/**
 * Walks the flow collection or scalar that begins at `from`. Returns the place behind it; `none` where it is broken or unusual. Its
 * lines must be indented more than `parentIndent`.
 */
export function walkFlow(from: u32, parentIndent: i32, depth: u32): u32 {
  const first = at(from)
  if (first === byte.openBrace)
    return depth < maxDepth ? walkMapping(from, parentIndent, depth) : none
  if (first === byte.openBracket)
    return depth < maxDepth ? walkSequence(from, parentIndent, depth) : none
  return walkScalar(from, parentIndent)
}

function walkScalar(start: u32, parentIndent: i32): u32 {
  const first = at(start)
  if (first === byte.quote || first === byte.apostrophe) {
    const end = scanQuoted(start, parentIndent)
    if (end !== none) add(first === byte.quote ? style.double : style.single, start, end)
    return end
  }
  if (!beginsPlain(start, true)) return none
  const end = trimEnd(scanFlowPlain(start))
  add(style.plain, start, end)
  return end
}

function walkSequence(start: u32, parentIndent: i32, depth: u32): u32 {
  const before = listKeysBefore()
  const sequence = add(kind.sequence | flow, start, start)
  let place = skipSpace(start + 1, parentIndent)
  while (place !== none) {
    if (at(place) === byte.closeBracket) {
      finishFlow(sequence, place + 1, listKeysMet !== before)
      return place + 1
    }
    const end = walkFlow(place, parentIndent, depth + 1)
    if (end === none) return none
    place = nextEntry(end, parentIndent, byte.closeBracket)
  }
  return none
}

function walkMapping(start: u32, parentIndent: i32, depth: u32): u32 {
  const before = listKeysBefore()
  const mapping = add(kind.mapping | flow, start, start)
  let place = skipSpace(start + 1, parentIndent)
  while (place !== none) {
    if (at(place) === byte.closeBrace) {
      finishFlow(mapping, place + 1, listKeysMet !== before)
      return place + 1
    }
    const key = place
    const isQuoted = at(key) === byte.quote || at(key) === byte.apostrophe
    const keyEnd = walkScalar(key, parentIndent)
    if (keyEnd === none || keyEnd - key > maxKeyLength) return none
    meetKey(key, keyEnd, !isQuoted)
    const colon = skipSpaces(keyEnd)
    if (at(colon) !== byte.colon || (!isQuoted && !isBlank(at(colon + 1)))) return none
    if (isQuoted && lineEnd(key) < keyEnd) return none
    place = skipSpace(colon + 1, parentIndent)
    if (place === none) return none
    const end = walkFlow(place, parentIndent, depth + 1)
    if (end === none) return none
    place = nextEntry(end, parentIndent, byte.closeBrace)
  }
  return none
}

/** Over the comma behind an entry: the next entry, or the closing bracket. */
function nextEntry(from: u32, parentIndent: i32, closing: u8): u32 {
  const place = skipSpace(from, parentIndent)
  if (place === none || at(place) === closing) return place
  return at(place) === byte.comma ? skipSpace(place + 1, parentIndent) : none
}

/** Over spaces, comments and line ends; `none` at the end of the bytes and where a line is not indented enough. */
function skipSpace(from: u32, parentIndent: i32): u32 {
  let place = from
  let line: u32 = 0
  while (place < limit) {
    const found = at(place)
    if (found === byte.newline) line = place + 1
    else if (found === byte.hash) {
      if (!isSpace(at(place - 1)) && line !== place) return none
      place = lineEnd(place)
      continue
    } else if (found === byte.tab) {
      if (line !== 0) return none
    } else if (found !== byte.space && found !== byte.carriageReturn) {
      // at the beginning of a line `---` and `...` end a document, whatever they stand in
      if (line === place && (found === byte.dash || found === byte.dot)) return none
      return line === 0 || <i32>(place - line) > parentIndent ? place : none
    }
    place++
  }
  return none
}

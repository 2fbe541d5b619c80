import { walkFlow } from './flow'
import {
  at,
  byte,
  endsLine,
  input,
  isBlank,
  limit,
  lineAfter,
  lineEnd,
  marker,
  skipBlanks,
  skipSpaces,
  tape,
  trimEnd,
} from './input'
import { maxKeyLength } from './limits'
import { listKeysBefore, listKeysMet, meetKey } from './list-keys'
import { isOrdinary } from './ordinary'
import { beginsPlain, blockScalarEnd, none, scanBlockScalar, scanPlain, scanQuoted } from './scalar'
import { add, extend, finishBlock, isMapping, isSequence, kind, next, rewind, style } from './tape'

/** Deeper collections are left to the full parser. */
const maxDepth: u32 = 100

/** The open collections from the outermost in: the node, the column of its entries, and `listKeysMet` before it. */
const collections = memory.data(100 * 12)
let depth: u32 = 0
/** The innermost open collection, or 0, and its column. */
let top: u32 = 0
let indent: i32 = 0
/** The column that every line of the value lies behind. */
let outside: i32 = 0
/** Where the value of the last key or dash would stand, as long as none has been found. */
let pending: u32 = none
/** The last value that was put in its place. */
let last: u32 = 0
/** The plain scalar before, which the next line may continue; or 0. */
let plain: u32 = 0

/**
 * Reads the bytes as one YAML value, the first `blank` of which are not its own (the `-` of an item, a key before it), and the `mark`
 * first a byte order mark. Returns how many nodes are on the tape, -1 where it is not sure. `base` is the offset of the first byte in the
 * whole input.
 */
export function walk(blank: u32, mark: u32, base: u32): i32 {
  if (!isOrdinary(mark)) return -1
  rewind(base)
  depth = 0
  top = 0
  plain = 0
  last = 0
  pending = input
  outside = blank === 0 ? -1 : <i32>(skipSpaces(input) - input)
  indent = outside
  const first = blank === 0 ? skipHeader(input + mark) : input
  if (blank !== 0 && !mayFollow(input + blank)) return -1
  if (first === none || !walkLines(first, first + blank)) return -1
  if (pending !== none && top !== 0) put(add(style.plain, pending, pending))
  while (top !== 0) close()
  return (next - tape) >> 4
}

/** Behind the comments and the `---` line of a document; `none` where text on that line makes it unusual. */
function skipHeader(first: u32): u32 {
  let line = first
  while (line < limit) {
    const text = skipSpaces(line)
    if (endsLine(text)) line = lineAfter(text)
    else if (text === line && marker(text) === byte.dash) return blankAfter(text + 3)
    else return first
  }
  return first
}

/** Whether a value may begin behind the dash or the key before `place`: a block collection does not on the line of its key. */
function mayFollow(place: u32): bool {
  if (at(place - 1) !== byte.colon) return true
  const value = skipSpaces(place)
  return endsLine(value) || at(value) === byte.openBrace || at(value) === byte.openBracket
}

/** Whether nothing but blank lines and comments stands behind the `...`. */
function endsDocument(place: u32): bool {
  let line = blankAfter(place + 3)
  while (line !== none && line < limit)
    line = at(line) === byte.hash ? lineAfter(line) : blankAfter(line)
  return line !== none
}

/** The beginning of the next line when nothing but spaces and a comment stand on this one from `from` on; else `none`. */
function blankAfter(from: u32): u32 {
  const place = skipBlanks(from)
  if (!endsLine(place) || (at(place) === byte.hash && place === from)) return none
  return lineAfter(place)
}

/** Walks every line; `text` is where the first line's own text begins. False where one is not sure. */
function walkLines(first: u32, text: u32): bool {
  let line = first
  let place = text
  while (place < limit) {
    place = skipSpaces(place)
    if (endsLine(place)) {
      if (at(place) === byte.hash) {
        plain = 0
        // the full parser takes what follows such a comment for less indented than it is
        if (pending !== none && <i32>(place - line) <= indent && !isBlank(at(place + 1)))
          return false
      }
      line = lineAfter(place)
    } else {
      const mark = place === line ? marker(place) : 0
      if (mark !== 0) return mark === byte.dot && endsDocument(place)
      line = walkLine(line, place)
    }
    if (line === none) return false
    place = line
  }
  return true
}

/** Walks the text of a line, and further lines where a value goes on there. Returns the next line, or `none`. */
function walkLine(line: u32, text: u32): u32 {
  let place = text
  const column = <i32>(place - line)
  let isDash = beginsItem(place)
  let opens = pending !== none && opensHere(column, isDash)
  if (!opens) {
    if (pending === none && column > indent) return continuePlain(place)
    if (!nextEntry(column, isDash)) return none
  }
  plain = 0
  while (isDash) {
    if (opens && !open(kind.sequence, place, <i32>(place - line))) return none
    pending = place + 1
    place = skipSpaces(place + 1)
    if (endsLine(place)) return lineAfter(place)
    isDash = beginsItem(place)
    opens = true
    if (at(place) === byte.bar || at(place) === byte.greater) return walkValue(place)
  }
  return walkEntry(place, <i32>(place - line), opens)
}

/** A key and what stands behind it; or, where a value is awaited, a value. */
function walkEntry(place: u32, column: i32, opens: bool): u32 {
  if (beginsPlain(place, false)) {
    const stop = scanPlain(place)
    const end = trimEnd(stop)
    if (stop < limit && at(stop) === byte.colon)
      return walkKey(style.plain, place, end, stop, column, opens)
    return opens && top !== 0 ? endPlain(place, end) : none
  }
  const first = at(place)
  if (first === byte.openBrace || first === byte.openBracket)
    return opens ? walkCollection(place) : none
  if (first !== byte.quote && first !== byte.apostrophe) return none
  const what = first === byte.quote ? style.double : style.single
  const end = scanQuoted(place, indent)
  if (end === none) return none
  const colon = skipSpaces(end)
  if (at(colon) === byte.colon && isBlank(at(colon + 1)))
    return lineEnd(place) < end ? none : walkKey(what, place, end, colon, column, opens)
  if (!opens || top === 0) return none
  put(add(what, place, end))
  return endValue(end)
}

function walkKey(what: u32, start: u32, end: u32, colon: u32, column: i32, opens: bool): u32 {
  if (end - start > maxKeyLength) return none
  if (opens && !open(kind.mapping, start, column)) return none
  add(what, start, end)
  meetKey(start, end, what === style.plain)
  pending = colon + 1
  const value = skipSpaces(colon + 1)
  return endsLine(value) ? lineAfter(value) : walkValue(value)
}

/** A value on the line of its key or dash. */
function walkValue(place: u32): u32 {
  if (beginsPlain(place, false)) {
    const stop = scanPlain(place)
    const end = trimEnd(stop)
    if (stop >= limit || at(stop) !== byte.newline) return endPlain(place, end)
    // as endPlain: most lines end here
    plain = put(add(style.plain, place, end))
    return stop + 1
  }
  const first = at(place)
  if (first === byte.bar || first === byte.greater) {
    const after = scanBlockScalar(place, indent)
    if (after !== none)
      put(add(first === byte.bar ? style.literal : style.folded, place, blockScalarEnd))
    return after
  }
  if (first === byte.openBrace || first === byte.openBracket) return walkCollection(place)
  if (first !== byte.quote && first !== byte.apostrophe) return none
  const end = scanQuoted(place, indent)
  if (end === none) return none
  put(add(first === byte.quote ? style.double : style.single, place, end))
  return endValue(end)
}

function walkCollection(place: u32): u32 {
  const collection = next
  const end = walkFlow(place, indent, 0)
  if (end === none) return none
  put(collection)
  return endValue(end)
}

function endPlain(start: u32, end: u32): u32 {
  const node = put(add(style.plain, start, end))
  const after = endValue(end)
  if (at(skipBlanks(end)) !== byte.hash) plain = node
  return after
}

/** Behind a value only a comment may stand. Returns the next line, or `none`. */
function endValue(end: u32): u32 {
  const place = skipBlanks(end)
  if (!endsLine(place) || (at(place) === byte.hash && place === end)) return none
  return lineAfter(place)
}

/** A deeper line that is no entry: only a plain scalar can go on there. */
function continuePlain(place: u32): u32 {
  if (plain === 0 || !beginsPlain(place, false)) return none
  const stop = scanPlain(place)
  if (stop < limit && at(stop) === byte.colon) return none
  extend(plain, trimEnd(stop))
  if (at(stop) === byte.hash) plain = 0
  return lineAfter(stop)
}

function beginsItem(place: u32): bool {
  return at(place) === byte.dash && isBlank(at(place + 1))
}

/** Whether the awaited value begins in this column: deeper than its key or dash, or as a sequence in the column of its key. */
function opensHere(column: i32, isDash: bool): bool {
  return column > indent || (isDash && column === indent && top !== 0 && isMapping(top))
}

/** Closes what the next entry, in this column, is not part of. False where it is part of nothing. */
function nextEntry(column: i32, isDash: bool): bool {
  if (pending !== none) {
    if (top === 0) return false
    put(add(style.plain, pending, pending))
  }
  while (indent > column && top !== 0) close()
  if (indent !== column || top === 0) return false
  if (!isDash && isSequence(top)) close() // it stood in the column of its key
  return indent === column && top !== 0 && isMapping(top) !== isDash
}

/** Puts a collection in its place and goes on inside it. False where that is too deep. */
function open(what: u32, start: u32, column: i32): bool {
  if (depth >= maxDepth) return false
  top = put(add(what, start, start))
  indent = column
  const entry = collections + depth * 12
  store<u32>(entry, top)
  store<i32>(entry, column, 4)
  store<u32>(entry, listKeysBefore(), 8)
  depth++
  return true
}

/** Ends the innermost collection where its last value ends. */
function close(): void {
  depth--
  finishBlock(top, last, load<u32>(collections + depth * 12, 8) !== listKeysMet)
  last = top
  const outer = collections + (depth - 1) * 12
  top = depth === 0 ? 0 : load<u32>(outer)
  indent = depth === 0 ? outside : load<i32>(outer, 4)
}

function put(node: u32): u32 {
  last = node
  pending = none
  return node
}

import { walkFlow } from './flow'
import {
  at,
  byte,
  endsLine,
  hasLineEnd,
  input,
  isBlank,
  limit,
  lineAfter,
  marker,
  skipBlanks,
  skipSpaces,
  tape,
  trimEnd,
} from './input'
import { maxDepth, maxKeyLength } from './limits'
import { listKeysBefore, listKeysMet, meetKey } from './list-keys'
import { isOrdinary } from './ordinary'
import {
  addAround,
  addValue,
  addWithProperties,
  beginsProperties,
  clearProperties,
  keepForLater,
  propertiesEnd,
  scanProperties,
  walkAlias,
} from './properties'
import { beginsPlain, blockScalarEnd, none, scanBlockScalar, scanPlain, scanQuoted } from './scalar'
import { beginTape, extend, finishBlock, isMapping, isSequence, kind, next, style } from './tape'

/**
 * The open collections, the outermost first: the node, the column of its entries, and `listKeysMet`
 * before it.
 */
const collections = memory.data(100 * 12)
let depth: u32 = 0
/** The innermost open collection, or 0, and its column. */
let top: u32 = 0
let indent: i32 = 0
/** Every line of the value is indented more than this. */
let outerIndent: i32 = 0
/** The end of the last key or dash, as long as its value has not been found. */
let pending: u32 = none
/** The last value that was found. */
let last: u32 = 0
/** Whether a comment that is not indented enough comes before the awaited value. */
let isBehindComment: bool = false
/** The plain scalar that the next line may continue, or 0. */
let plain: u32 = 0

/**
 * Reads the bytes as one YAML value. The first `blank` bytes do not belong to it (the `-` of an
 * item, a key before it), and the first `mark` bytes are a byte order mark. `base` is the offset of
 * the first byte in the whole input. Returns how many nodes are on the tape; -1 if it cannot
 * decide.
 */
export function walk(blank: u32, mark: u32, base: u32): i32 {
  if (!isOrdinary(mark)) return -1
  beginTape(base)
  clearProperties()
  depth = 0
  top = 0
  plain = 0
  isBehindComment = false
  last = 0
  pending = input
  outerIndent = blank === 0 ? -1 : <i32>(skipSpaces(input) - input)
  indent = outerIndent
  const first = blank === 0 ? skipHeader(input + mark) : input
  if (blank !== 0 && !mayFollow(input + blank)) return -1
  if (first === none || !walkLines(first, first + blank)) return -1
  if (pending !== none && top !== 0) takeValue(addValue(style.plain, pending, pending))
  while (top !== 0) close()
  return (next - tape) >> 4
}

/**
 * The address after the comments and the `---` line of a document; `none` if that line has text,
 * which is unusual.
 */
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

/**
 * Whether a value may begin after the dash or the key before `address`: a block collection cannot
 * begin on the line of its key.
 */
function mayFollow(address: u32): bool {
  if (at(address - 1) !== byte.colon) return true
  const value = skipSpaces(address)
  return endsLine(value) || at(value) === byte.openBrace || at(value) === byte.openBracket
}

/** Whether only blank lines and comments follow the `...`. */
function endsDocument(address: u32): bool {
  let line = blankAfter(address + 3)
  while (line !== none && line < limit)
    line = at(line) === byte.hash ? lineAfter(line) : blankAfter(line)
  return line !== none
}

/** The next line, if this one has only spaces and a comment from `from` on, else `none`. */
function blankAfter(from: u32): u32 {
  const address = skipBlanks(from)
  if (!endsLine(address) || (at(address) === byte.hash && address === from)) return none
  return lineAfter(address)
}

/**
 * Reads all lines. `text` is where the text of the first one begins. Returns false if it cannot
 * decide.
 */
function walkLines(first: u32, text: u32): bool {
  let line = first
  let address = text
  while (address < limit) {
    address = skipSpaces(address)
    if (endsLine(address)) {
      if (at(address) === byte.hash) {
        plain = 0
        if (pending !== none && <i32>(address - line) <= indent && !isBlank(at(address + 1)))
          isBehindComment = true
      }
      line = lineAfter(address)
    } else {
      const mark = address === line ? marker(address) : 0
      if (mark !== 0) return mark === byte.dot && endsDocument(address)
      line = walkLine(line, address)
      isBehindComment = false
    }
    if (line === none) return false
    address = line
  }
  return true
}

/**
 * Reads the text of a line, and the following lines if a value continues there. Returns the next
 * line, or `none`.
 */
function walkLine(line: u32, text: u32): u32 {
  let address = text
  const column = <i32>(address - line)
  let isDash = beginsItem(address)
  let opens = pending !== none && opensHere(column, isDash)
  if (!opens) {
    if (pending === none && column > indent) return continuePlain(address)
    if (!nextEntry(column, isDash)) return none
  }
  plain = 0
  while (isDash) {
    if (opens && !open(kind.sequence, address, <i32>(address - line))) return none
    pending = address + 1
    address = skipSpaces(address + 1)
    if (endsLine(address)) return lineAfter(address)
    isDash = beginsItem(address)
    opens = true
    if (at(address) === byte.bar || at(address) === byte.greater) return walkValue(address)
  }
  return walkEntry(address, <i32>(address - line), opens)
}

/** Reads a key and what follows it, or a value if one is expected. */
function walkEntry(from: u32, column: i32, opens: bool): u32 {
  let address = from
  if (beginsProperties(address)) {
    address = scanProperties(address)
    if (address === none) return none
    if (endsLine(address)) return opens ? expectBelow(address) : none
    if (opens && (at(address) === byte.bar || at(address) === byte.greater))
      return walkValue(address)
  }
  // the full parser reads a scalar after such a comment as if it were less indented
  const isAwaited = opens && top !== 0 && !isBehindComment
  if (beginsPlain(address, false)) {
    const stop = scanPlain(address)
    const end = trimEnd(stop)
    if (stop < limit && at(stop) === byte.colon)
      return walkKey(style.plain, address, end, stop, column, opens)
    return isAwaited ? endPlain(address, end) : none
  }
  const first = at(address)
  if (first === byte.asterisk) return isAwaited ? walkAliasValue(address) : none
  if (first === byte.openBrace || first === byte.openBracket)
    return opens ? walkCollection(address) : none
  if (first !== byte.quote && first !== byte.apostrophe) return none
  const what = first === byte.quote ? style.double : style.single
  const end = scanQuoted(address)
  if (end === none) return none
  const colon = skipSpaces(end)
  if (at(colon) === byte.colon && isBlank(at(colon + 1)))
    return hasLineEnd(address, end) ? none : walkKey(what, address, end, colon, column, opens)
  if (!isAwaited) return none
  takeValue(addValue(what, address, end))
  return last === none ? none : endValue(end)
}

/** Properties end their line: they are those of the value on the following lines. */
function expectBelow(address: u32): u32 {
  if (!keepForLater()) return none
  pending = propertiesEnd
  return lineAfter(address)
}

function walkKey(what: u32, start: u32, end: u32, colon: u32, column: i32, opens: bool): u32 {
  if (end - start > maxKeyLength) return none
  if (opens && !open(kind.mapping, start, column)) return none
  addWithProperties(what, start, end)
  meetKey(start, end, what === style.plain)
  pending = colon + 1
  const value = skipBlanks(colon + 1)
  return endsLine(value) ? lineAfter(value) : walkValue(value)
}

/** Reads a value on the line of its key or dash. */
function walkValue(from: u32): u32 {
  let address = from
  if (beginsProperties(address)) {
    address = scanProperties(address)
    if (address === none) return none
    if (endsLine(address)) return expectBelow(address)
  }
  if (beginsPlain(address, false)) {
    const stop = scanPlain(address)
    const end = trimEnd(stop)
    if (stop >= limit || at(stop) !== byte.newline) return endPlain(address, end)
    // as endPlain: most lines end here
    plain = takeValue(addValue(style.plain, address, end))
    return plain === none ? none : stop + 1
  }
  const first = at(address)
  if (first === byte.bar || first === byte.greater) {
    const after = scanBlockScalar(address, indent)
    if (after !== none)
      takeValue(
        addValue(first === byte.bar ? style.literal : style.folded, address, blockScalarEnd),
      )
    return last === none ? none : after
  }
  if (first === byte.openBrace || first === byte.openBracket) return walkCollection(address)
  if (first === byte.asterisk) return walkAliasValue(address)
  if (first !== byte.quote && first !== byte.apostrophe) return none
  const end = scanQuoted(address)
  if (end === none) return none
  takeValue(addValue(first === byte.quote ? style.double : style.single, address, end))
  return last === none ? none : endValue(end)
}

function walkAliasValue(address: u32): u32 {
  const alias = next
  const end = walkAlias(address)
  if (end === none) return none
  takeValue(alias)
  return endValue(end)
}

function walkCollection(address: u32): u32 {
  const collection = next
  const end = walkFlow(address, 0)
  if (end === none) return none
  takeValue(collection)
  return endValue(end)
}

function endPlain(start: u32, end: u32): u32 {
  const node = takeValue(addValue(style.plain, start, end))
  if (node === none) return none
  const after = endValue(end)
  if (at(skipBlanks(end)) !== byte.hash) plain = node
  return after
}

/** Only a comment may follow a value. Returns the next line, or `none`. */
function endValue(end: u32): u32 {
  const address = skipBlanks(end)
  if (!endsLine(address) || (at(address) === byte.hash && address === end)) return none
  return lineAfter(address)
}

/** Reads a deeper line that is not an entry: only a plain scalar can continue there. */
function continuePlain(address: u32): u32 {
  // any character may begin such a line, but full parsers differ in how they read tabs there
  if (plain === 0 || at(address) === byte.tab) return none
  const stop = scanPlain(address)
  if (stop < limit && at(stop) === byte.colon) return none
  extend(plain, trimEnd(stop))
  if (at(stop) === byte.hash) plain = 0
  return lineAfter(stop)
}

function beginsItem(address: u32): bool {
  return at(address) === byte.dash && isBlank(at(address + 1))
}

/**
 * Whether the expected value begins in this column: deeper than its key or dash, or as a sequence
 * in the column of its key.
 */
function opensHere(column: i32, isDash: bool): bool {
  return column > indent || (isDash && column === indent && top !== 0 && isMapping(top))
}

/**
 * Closes the collections that do not contain the next entry, which is in this column. Returns false
 * if none contains it.
 */
function nextEntry(column: i32, isDash: bool): bool {
  if (pending !== none) {
    if (top === 0) return false
    if (takeValue(addValue(style.plain, pending, pending)) === none) return false
  }
  while (indent > column && top !== 0) close()
  if (indent !== column || top === 0) return false
  if (!isDash && isSequence(top)) close() // it is in the column of its key
  return indent === column && top !== 0 && isMapping(top) !== isDash
}

/** Opens a collection, whose entries follow. Returns false if it is too deep. */
function open(what: u32, start: u32, column: i32): bool {
  if (depth >= maxDepth) return false
  top = takeValue(addAround(what, start, start))
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
  indent = depth === 0 ? outerIndent : load<i32>(outer, 4)
}

function takeValue(node: u32): u32 {
  last = node
  pending = none
  return node
}

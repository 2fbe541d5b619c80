import {
  at,
  byte,
  hasLineEnd,
  isBlank,
  isSpace,
  limit,
  lineEnd,
  marker,
  skipSpaces,
  trimEnd,
} from './input'
import { maxDepth, maxKeyLength } from './limits'
import { listKeysBefore, listKeysMet, meetKey } from './list-keys'
import { addValue, beginsProperties, scanProperties, walkAlias } from './properties'
import { beginsPlain, none, scanFlowPlain, scanQuoted } from './scalar'
import { finishFlow, flow, kind, style } from './tape'

/**
 * Reads the flow collection or scalar that begins at `from`. Returns the address after it; `none`
 * if it is broken or unusual.
 */
export function walkFlow(from: u32, depth: u32): u32 {
  let address = from
  if (beginsProperties(address)) {
    address = scanProperties(address)
    if (address === none) return none
  }
  const first = at(address)
  if (first === byte.openBrace) return depth < maxDepth ? walkMapping(address, depth) : none
  if (first === byte.openBracket) return depth < maxDepth ? walkSequence(address, depth) : none
  return first === byte.asterisk ? walkAlias(address) : walkScalar(address)
}

function walkScalar(start: u32): u32 {
  const first = at(start)
  if (first === byte.quote || first === byte.apostrophe) {
    const end = scanQuoted(start)
    if (end === none) return none
    const what = first === byte.quote ? style.double : style.single
    return addValue(what, start, end) === none ? none : end
  }
  if (!beginsPlain(start, true)) return none
  const end = trimEnd(scanFlowPlain(start))
  return addValue(style.plain, start, end) === none ? none : end
}

function walkSequence(start: u32, depth: u32): u32 {
  const before = listKeysBefore()
  const sequence = addValue(kind.sequence | flow, start, start)
  if (sequence === none) return none
  let address = skipSpace(start + 1)
  while (address !== none) {
    if (at(address) === byte.closeBracket) {
      finishFlow(sequence, address + 1, listKeysMet !== before)
      return address + 1
    }
    const end = walkFlow(address, depth + 1)
    if (end === none) return none
    address = nextEntry(end, byte.closeBracket)
  }
  return none
}

function walkMapping(start: u32, depth: u32): u32 {
  const before = listKeysBefore()
  const mapping = addValue(kind.mapping | flow, start, start)
  if (mapping === none) return none
  let address = skipSpace(start + 1)
  while (address !== none) {
    if (at(address) === byte.closeBrace) {
      finishFlow(mapping, address + 1, listKeysMet !== before)
      return address + 1
    }
    const key = address
    const isQuoted = at(key) === byte.quote || at(key) === byte.apostrophe
    const keyEnd = walkScalar(key)
    if (keyEnd === none || keyEnd - key > maxKeyLength) return none
    meetKey(key, keyEnd, !isQuoted)
    const colon = skipSpaces(keyEnd)
    if (at(colon) !== byte.colon || (!isQuoted && !isBlank(at(colon + 1)))) return none
    if (isQuoted && hasLineEnd(key, keyEnd)) return none
    address = skipSpace(colon + 1)
    if (address === none) return none
    const end = walkFlow(address, depth + 1)
    if (end === none) return none
    address = nextEntry(end, byte.closeBrace)
  }
  return none
}

/**
 * Skips the comma after an entry. Returns the address of the next entry or of the closing bracket.
 */
function nextEntry(from: u32, closing: u8): u32 {
  const address = skipSpace(from)
  if (address === none || at(address) === closing) return address
  return at(address) === byte.comma ? skipSpace(address + 1) : none
}

/**
 * Skips spaces, comments and line ends. Returns `none` at the end of the bytes. As in go-yaml, which
 * all tools of Kubernetes use, lines can be indented in any way.
 */
function skipSpace(from: u32): u32 {
  let address = from
  let line: u32 = 0
  while (address < limit) {
    const value = at(address)
    if (value === byte.newline) line = address + 1
    else if (value === byte.hash) {
      if (!isSpace(at(address - 1)) && line !== address) return none
      address = lineEnd(address)
      continue
    } else if (!isSpace(value) && value !== byte.carriageReturn) {
      // at the beginning of a line `---` and `...` end a document in any context
      return line === address && marker(address) !== 0 ? none : address
    }
    address++
  }
  return none
}

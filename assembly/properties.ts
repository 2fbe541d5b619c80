// Anchors, tags and aliases. A node with an anchor or a tag has a record on the tape: where they
// begin in the whole input, 0 if there is none; their lengths; the node before it whose anchor has
// the same hash. The record of an alias has the number of its anchor's node, and of the alias before
// it.

import { anchorTable, anchorTableEnd, at, byte, isBlank, tape } from './input'
import { maxKeyLength } from './limits'
import { none } from './scalar'
import { add, addRecord, addressOf, isAlias, kind, numberOf, offsetOf } from './tape'

/** Of the next node. Addresses, 0 if there is none. */
let anchor: u32 = 0
let anchorLength: u32 = 0
let tag: u32 = 0
let tagLength: u32 = 0

// the same of a value that begins on a later line
let laterAnchor: u32 = 0
let laterAnchorLength: u32 = 0
let laterTag: u32 = 0
let laterTagLength: u32 = 0

/** Whether there are any of these. */
let isAny: bool = false
/** Whether the table of the anchors belongs to this tape. */
let hasAnchors: bool = false
let previousAlias: u32 = 0

/** The number of the last alias; 0 if there is none. */
export function lastAlias(): u32 {
  return previousAlias
}

export function clearProperties(): void {
  anchor = 0
  tag = 0
  laterAnchor = 0
  laterTag = 0
  isAny = false
  hasAnchors = false
  previousAlias = 0
}

export function beginsProperties(address: u32): bool {
  return at(address) === byte.ampersand || at(address) === byte.exclamation
}

/**
 * Reads an anchor, a tag, or both in any order: those of the next node. Returns the address of the
 * text after them and the spaces that follow, which may be a line end; `none` if they are unusual.
 */
export function scanProperties(from: u32): u32 {
  let address = from
  isAny = true
  while (beginsProperties(address)) {
    if (at(address) === byte.ampersand) {
      if (anchor !== 0) return none
      anchor = address + 1
      address = nameEnd(anchor)
      anchorLength = address - anchor
      if (anchorLength === 0 || anchorLength > maxKeyLength) return none
    } else {
      if (tag !== 0) return none
      tag = address
      address = nameEnd(at(address + 1) === byte.exclamation ? address + 2 : address + 1)
      tagLength = address - tag
      if (!isNamed(address - 1) || tagLength > maxKeyLength) return none
    }
    propertiesEnd = address
    if (!isBlank(at(address)) || at(address) === byte.tab) return none
    while (at(address) === byte.space) address++
  }
  return address
}

/** The end of the properties that were read last. */
export let propertiesEnd: u32 = 0

/** The end of a name: other characters are unusual in one. */
function nameEnd(from: u32): u32 {
  let address = from
  while (isNamed(address)) address++
  return address
}

function isNamed(address: u32): bool {
  const value = at(address)
  const letter = value | 0x20
  return (
    (letter >= 0x61 && letter <= 0x7a) || (value >= 0x2d && value <= 0x39) || value === 0x5f // _
  )
}

function hasOwn(): bool {
  return anchor !== 0 || tag !== 0
}

function hasLater(): bool {
  return laterAnchor !== 0 || laterTag !== 0
}

/** Keeps the properties for a value on a later line. Returns false if it already has some. */
export function keepForLater(): bool {
  if (hasLater()) return false
  swap()
  return true
}

/**
 * Exchanges the properties of the next node and those of a value on a later line.
 */
function swap(): void {
  const otherAnchor = anchor
  const otherAnchorLength = anchorLength
  const otherTag = tag
  const otherTagLength = tagLength
  anchor = laterAnchor
  anchorLength = laterAnchorLength
  tag = laterTag
  tagLength = laterTagLength
  laterAnchor = otherAnchor
  laterAnchorLength = otherAnchorLength
  laterTag = otherTag
  laterTagLength = otherTagLength
}

/** Adds a collection whose first key comes next, which has the properties that were read last. */
export function addAround(what: u32, start: u32, end: u32): u32 {
  if (!isAny) return add(what, start, end)
  swap()
  const node = addWithProperties(what, start, end)
  swap()
  isAny = hasOwn()
  return node
}

/** Adds a value, which gets the properties that were kept. Returns `none` if it has others too. */
export function addValue(what: u32, start: u32, end: u32): u32 {
  if (!isAny) return add(what, start, end)
  if (hasLater()) {
    if (hasOwn()) return none
    swap()
  }
  return addWithProperties(what, start, end)
}

/** Adds a node with the properties that were read last. */
export function addWithProperties(what: u32, start: u32, end: u32): u32 {
  const node = add(what, start, end)
  if (!isAny || !hasOwn()) return node
  const record = addRecord(node)
  store<u32>(record, anchor === 0 ? 0 : offsetOf(anchor))
  store<u32>(record, tag === 0 ? 0 : offsetOf(tag), 4)
  store<u32>(record, (anchor === 0 ? 0 : anchorLength) | ((tag === 0 ? 0 : tagLength) << 16), 8)
  if (anchor !== 0) {
    if (!hasAnchors) memory.fill(anchorTable, 0, anchorTableEnd - anchorTable)
    hasAnchors = true
    const slot = slotOf(anchor, anchorLength)
    // numbers from 1 on, because the root has the number 0
    store<u32>(record, load<u32>(slot), 12)
    store<u32>(slot, numberOf(node) + 1)
  }
  anchor = 0
  tag = 0
  isAny = hasLater()
  return node
}

function slotOf(name: u32, length: u32): u32 {
  let hash: u32 = 0x811c9dc5 // FNV-1a
  for (let address = name; address < name + length; address++)
    hash = (hash ^ at(address)) * 0x01000193
  return anchorTable + (((hash ^ (hash >> 16)) << 2) % (anchorTableEnd - anchorTable))
}

/** Looking at more anchors would let the time grow with the square of the input. */
const maxSameHash: u32 = 64

/** Reads the alias whose `*` is at `from`. Returns the address after it; `none` if it is unusual. */
export function walkAlias(from: u32): u32 {
  if (hasOwn() || hasLater() || !hasAnchors) return none
  const name = from + 1
  const end = nameEnd(name)
  const length = end - name
  if (length === 0 || length > maxKeyLength) return none
  let node = load<u32>(slotOf(name, length))
  for (let steps: u32 = 0; node !== 0; steps++) {
    if (steps === maxSameHash) return none
    const record = tape + (node << 4)
    if (
      (load<u32>(record, 8) & 0xffff) === length &&
      memory.compare(addressOf(load<u32>(record)), name, length) === 0
    ) {
      const alias = add(kind.alias, from, end)
      const own = addRecord(alias)
      store<u32>(own, node - 1)
      store<u32>(own, previousAlias, 4)
      previousAlias = numberOf(alias)
      return end
    }
    node = load<u32>(record, 12)
  }
  return none
}

/** The number of the node with this number, or of its anchor's node if it is an alias. */
export function resolved(number: u32): u32 {
  const node = tape + (number << 4)
  return isAlias(node) ? load<u32>(node, 16) : number
}

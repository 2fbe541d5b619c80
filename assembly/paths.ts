// Finds nodes below a collection, with their paths. A step of a path is a key, or an index after a
// byte 1; a byte 0 ends it. Of duplicate keys the first counts.

import { tape } from './input'
import { isListKey } from './list-keys'
import {
  addressOf,
  beginAnswer,
  firstInside,
  hasListKey,
  isAlias,
  isMapping,
  isScalar,
  isSequence,
  putAnswer,
  valueAfter,
} from './tape'

/** Where the path to the current node is written. */
const path: u32 = 0x1000
const pathEnd: u32 = 0x1e00

/**
 * More entries of one mapping are not compared with each other: the time grows with the square of
 * their number.
 */
const maxEntries: u32 = 100

/** How many nodes were found. */
let count: i32 = 0

/**
 * Writes every scalar that is a value or an item, begins before `end` and ends at or after `start`:
 * its number, the length of its path, the path. Returns how many there are; -1 if it cannot decide,
 * because keys in quotes cannot be compared here.
 */
export function scalarsOnLines(collection: u32, start: u32, end: u32): i32 {
  beginAnswer()
  count = 0
  return findScalars(collection, path, start, end) ? count : -1
}

function findScalars(collection: u32, to: u32, start: u32, end: u32): bool {
  const hasKeys = isMapping(tape + (collection << 4))
  const after = load<u32>(tape + (collection << 4), 12)
  let index: u32 = 0
  for (let step = firstInside(collection); step < after; index++) {
    const number = hasKeys ? valueAfter(step) : step
    const value = tape + (number << 4)
    if (load<u32>(value, 4) >= end) break
    if (load<u32>(value, 8) >= start) {
      const address = hasKeys ? keyStep(collection, step, index, to) : indexStep(index, to)
      if (address === 0) return false
      if (address !== duplicate) {
        if (isScalar(value)) {
          count++
          putAnswer(number, path, address - path)
        } else if (!isAlias(value) && !findScalars(number, address, start, end)) return false
      }
    }
    step = load<u32>(value, 12)
  }
  return true
}

/** The same for every sequence that is the value of a list key. */
export function sequencesBelow(collection: u32): i32 {
  beginAnswer()
  count = 0
  return findSequences(collection, path) ? count : -1
}

function findSequences(collection: u32, to: u32): bool {
  const hasKeys = isMapping(tape + (collection << 4))
  const after = load<u32>(tape + (collection << 4), 12)
  let index: u32 = 0
  for (let step = firstInside(collection); step < after; index++) {
    const number = hasKeys ? valueAfter(step) : step
    const value = tape + (number << 4)
    if ((load<u32>(value) & hasListKey) !== 0) {
      const address = hasKeys ? keyStep(collection, step, index, to) : indexStep(index, to)
      if (address === 0) return false
      if (address !== duplicate) {
        const key = tape + (step << 4)
        if (
          hasKeys &&
          isSequence(value) &&
          isListKey(addressOf(load<u32>(key, 4)), load<u32>(key, 8) - load<u32>(key, 4))
        ) {
          count++
          putAnswer(number, path, address - path)
        }
        if (!findSequences(number, address)) return false
      }
    }
    step = load<u32>(value, 12)
  }
  return true
}

/** The entry is not the first one with its key. */
const duplicate: u32 = 1

/**
 * Writes the key of the entry with this index as a step. Returns the address of the next step; 0 if
 * there is no room or it cannot decide.
 */
function keyStep(mapping: u32, key: u32, index: u32, to: u32): u32 {
  if (index > maxEntries) return 0
  const node = tape + (key << 4)
  const name = addressOf(load<u32>(node, 4))
  const length = load<u32>(node, 8) - load<u32>(node, 4)
  for (let other = firstInside(mapping); other <= key; ) {
    const before = tape + (other << 4)
    if (load<u32>(before) !== 0) return 0
    const start = load<u32>(before, 4)
    if (
      other !== key &&
      load<u32>(before, 8) - start === length &&
      memory.compare(addressOf(start), name, length) === 0
    )
      return duplicate
    other = load<u32>(before, 28)
  }
  if (to + length + 1 > pathEnd) return 0
  memory.copy(to, name, length)
  store<u8>(to + length, 0)
  return to + length + 1
}

function indexStep(index: u32, to: u32): u32 {
  if (to + 13 > pathEnd) return 0
  store<u8>(to, 1)
  let digits: u32 = 1
  for (let rest = index; rest >= 10; rest /= 10) digits++
  let rest = index
  for (let address = to + digits; address > to; address--) {
    store<u8>(address, <u8>(0x30 + (rest % 10)))
    rest /= 10
  }
  store<u8>(to + digits + 1, 0)
  return to + digits + 2
}

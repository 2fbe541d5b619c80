// Keys whose sequences are asked for (paths.ts). A collection that contains none of them is not
// searched.

import { at } from './input'

/** Two numbers for each key: the address of its name, and its length. */
let table: u32 = 0
let tableEnd: u32 = 0
/** A bit for the length of each key; those of 63 and more share one. */
let lengths: u64 = 0

/** Sets the keys that are marked from now on. */
export function setListKeys(keys: u32, count: u32): void {
  table = keys
  tableEnd = keys + (count << 3)
  lengths = 0
  for (let key = table; key < tableEnd; key += 8) lengths |= lengthBit(load<u32>(key, 4))
}

function lengthBit(length: u32): u64 {
  return (<u64>1) << min(length, 63)
}

/** How many such keys were met, and keys that cannot be compared without decoding them. */
export let listKeysMet: u32 = 0
/** Whether the last key was one. */
let isLast: bool = false

/** Meets the key of an entry. */
export function meetKey(key: u32, end: u32, isPlain: bool): void {
  isLast = !isPlain || isListKey(key, end - key)
  if (isLast) listKeysMet++
}

/**
 * `listKeysMet` before a collection that begins now. The value of such a key counts as containing
 * the key.
 */
export function listKeysBefore(): u32 {
  const before = isLast ? listKeysMet - 1 : listKeysMet
  isLast = false
  return before
}

/** Whether a plain key is one of them. */
export function isListKey(name: u32, length: u32): bool {
  return (lengths & lengthBit(length)) !== 0 && isInTable(name, length)
}

function isInTable(name: u32, length: u32): bool {
  for (let key = table; key < tableEnd; key += 8) {
    if (load<u32>(key, 4) !== length) continue
    const own = load<u32>(key)
    if (at(own) === at(name) && memory.compare(own, name, length) === 0) return true
  }
  return false
}

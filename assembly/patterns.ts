// The texts to search for, at the beginning of what was loaded: a table of the first two bytes of
// each, and a tree of all of them.

import { input } from './input'

/**
 * A bit for each group of patterns: those of one byte, and seven by their first byte. 16 numbers
 * each for the lower half of the first byte, its upper half, and the lower half of the second byte:
 * the groups of all bytes with such a half.
 */
export const halves: u32 = input
/** The node for each first byte. */
const firsts: u32 = halves + 48
const nodes: u32 = firsts + 256 * 4

// The numbers of a node: its byte, the number of the pattern that ends there (from 1), the first
// node for the next byte, and another node for this byte.
export const patternEnd: usize = 4
export const child: usize = 8
export const sibling: usize = 12
const size: u32 = 16

/** The address of the next node. */
let end: u32 = 0

/** How many patterns there are. */
export let patternCount: u32 = 0

/**
 * Sets the patterns: the `length` bytes from `from` on, in which a zero byte ends each pattern.
 * Before them there must be room for 1072 bytes and 16 for each of theirs. Returns how many bytes
 * are in use.
 */
export function setPatterns(from: u32, length: u32): u32 {
  memory.fill(input, 0, from - input)
  end = nodes
  patternCount = 0
  for (let address = from; address < from + length; address++) {
    let slot = firstNode(load<u8>(address))
    let node: u32 = 0
    for (; load<u8>(address) !== 0; address++) {
      node = nodeFor(slot, load<u8>(address))
      slot = node + <u32>child
    }
    store<u32>(node, ++patternCount, patternEnd)
  }
  group()
  return end - input
}

function nodeFor(first: u32, byte: u32): u32 {
  let slot = first
  let node = load<u32>(slot)
  while (node !== 0 && load<u32>(node) !== byte) {
    slot = node + <u32>sibling
    node = load<u32>(slot)
  }
  if (node !== 0) return node
  node = end
  end += size
  store<u32>(slot, node)
  store<u32>(node, byte)
  return node
}

function group(): void {
  let count: u32 = 0
  for (let first: u32 = 0; first < 256; first++) if (goesOn(load<u32>(firstNode(first)))) count++
  let index: u32 = 0
  for (let first: u32 = 0; first < 256; first++) {
    const node = load<u32>(firstNode(first))
    if (node === 0) continue
    if (load<u32>(node, patternEnd) !== 0) addGroup(first, 1)
    if (!goesOn(node)) continue
    const bit: u32 = 2 << ((index++ * 7) / count)
    addGroup(first, bit)
    for (let next = load<u32>(node, child); next !== 0; next = load<u32>(next, sibling))
      addBit(halves + 32 + (load<u32>(next) & 15), bit)
  }
  // anything may follow the patterns of one byte
  for (let half = halves + 32; half < firsts; half++) addBit(half, 1)
}

function goesOn(node: u32): bool {
  return node !== 0 && load<u32>(node, child) !== 0
}

function addGroup(first: u32, bit: u32): void {
  addBit(halves + (first & 15), bit)
  addBit(halves + 16 + (first >> 4), bit)
}

function addBit(address: u32, bit: u32): void {
  store<u8>(address, load<u8>(address) | bit)
}

export function firstNode(byte: u32): u32 {
  return firsts + (byte << 2)
}

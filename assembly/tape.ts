// What was read, as a list of nodes in the order of the input: a collection, then what it holds; a key, then its value. A node is four
// numbers: what it is, where it starts and ends, and the number of the node that follows it and all it holds.

import { input, tape } from './input'

export namespace kind {
  export const scalar: u32 = 0
  export const mapping: u32 = 1
  export const sequence: u32 = 2
}

/** Of a scalar, from the third bit on. */
export namespace style {
  export const plain: u32 = 0 << 2
  export const single: u32 = 1 << 2
  export const double: u32 = 2 << 2
  export const literal: u32 = 3 << 2
  export const folded: u32 = 4 << 2
}

/** Of a collection. */
export const flow: u32 = 1 << 5
/** Of a collection that holds a key of list-keys.ts at any depth, or stands under one. */
export const hasListKey: u32 = 1 << 6

const size: u32 = 16

/** Where the next node will stand. */
export let next: u32 = 0
let room: u32 = 0
/** From a place in the memory to the offset in the whole input. */
let shift: u32 = 0

/** Begins a new tape for bytes whose first has the offset `base` in the whole input. */
export function rewind(base: u32): void {
  next = tape
  shift = base - input
  room = (<u32>memory.size()) << 16
}

/** The place of the byte with this offset in the whole input. */
export function placeOf(offset: u32): u32 {
  return offset - shift
}

/** The offset in the whole input of the byte at this place. */
export function offsetOf(place: u32): u32 {
  return place + shift
}

/** Adds a node. Returns its place. */
export function add(what: u32, start: u32, end: u32): u32 {
  const node = next
  makeRoom(node + size)
  next = node + size
  store<u32>(node, what)
  store<u32>(node, start + shift, 4)
  store<u32>(node, end + shift, 8)
  store<u32>(node, (next - tape) >> 4, 12)
  return node
}

export function isMapping(node: u32): bool {
  return (load<u32>(node) & 3) === kind.mapping
}

export function isSequence(node: u32): bool {
  return (load<u32>(node) & 3) === kind.sequence
}

/** Moves the end of a node that goes on. */
export function extend(node: u32, end: u32): void {
  store<u32>(node, end + shift, 8)
}

/** Ends a collection behind all nodes so far. */
function finish(node: u32, holdsListKey: bool): void {
  if (holdsListKey) store<u32>(node, load<u32>(node) | hasListKey)
  store<u32>(node, (next - tape) >> 4, 12)
}

/** Ends a block collection where its last value ends. */
export function finishBlock(node: u32, last: u32, holdsListKey: bool): void {
  store<u32>(node, load<u32>(last, 8), 8)
  finish(node, holdsListKey)
}

/** Ends a flow collection, behind its bracket. */
export function finishFlow(node: u32, end: u32, holdsListKey: bool): void {
  extend(node, end)
  finish(node, holdsListKey)
}

/** Traps where there is no more memory. */
function makeRoom(end: u32): void {
  if (end <= room) return
  if (memory.grow(1 + ((end - tape) >> 17)) === -1) unreachable()
  room = (<u32>memory.size()) << 16
}

/** Where an answer stands that consists of more than numbers: behind the nodes. */
let answer: u32 = 0

/** Begins such an answer. */
export function seal(): void {
  answer = next
}

/** Where the nodes end, and such an answer begins. */
export function tapeEnd(): u32 {
  return next
}

/** Adds a number and some bytes to it: the number, how many bytes, the bytes, filled up to a whole number. */
export function puts(number: u32, bytes: u32, length: u32): void {
  makeRoom(answer + length + 12)
  store<u32>(answer, number)
  store<u32>(answer, length, 4)
  memory.copy(answer + 8, bytes, length)
  answer += 8 + ((length + 3) & ~3)
}

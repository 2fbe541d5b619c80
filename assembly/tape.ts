// What was read, as a list of nodes in the order of the input: a collection, then what it contains;
// a key, then its value. A node is four numbers: what it is, where it starts and ends, and the
// number of the node after it and everything that it contains. A node with an anchor or a tag and
// an alias have a record of four more numbers directly after these, which counts as a node
// (properties.ts).

import { input, tape } from './input'

export namespace kind {
  export const scalar: u32 = 0
  export const mapping: u32 = 1
  export const sequence: u32 = 2
  export const alias: u32 = 3
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
/** Of a collection that contains a list key (list-keys.ts) at any depth, or is the value of one. */
export const hasListKey: u32 = 1 << 6
/** Of a node that a record follows. */
export const hasRecord: u32 = 1 << 7

const size: u32 = 16

/** The address of the next node. */
export let next: u32 = 0
let room: u32 = 0
/** The offset of a byte in the whole input, minus its address. */
let shift: u32 = 0

/** Begins a new tape for bytes whose first has the offset `base` in the whole input. */
export function beginTape(base: u32): void {
  next = tape
  shift = base - input
  room = (<u32>memory.size()) << 16
}

/** The address of the byte with this offset in the whole input. */
export function addressOf(offset: u32): u32 {
  return offset - shift
}

/** The offset in the whole input of the byte at this address. */
export function offsetOf(address: u32): u32 {
  return address + shift
}

/** Adds a node. Returns its address. */
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

/** Adds a record to the node that was added last. Returns its address. */
export function addRecord(node: u32): u32 {
  const record = next
  makeRoom(record + size)
  next = record + size
  store<u32>(node, load<u32>(node) | hasRecord)
  store<u32>(node, (next - tape) >> 4, 12)
  return record
}

/** The number of a node. */
export function numberOf(node: u32): u32 {
  return (node - tape) >> 4
}

/** The number of the first node in a collection. */
export function firstInside(collection: u32): u32 {
  return collection + 1 + ((load<u32>(tape + (collection << 4)) >> 7) & 1)
}

/** The number of the value whose key has this number. */
export function valueAfter(key: u32): u32 {
  return load<u32>(tape + (key << 4), 12)
}

export function isScalar(node: u32): bool {
  return (load<u32>(node) & 3) === kind.scalar
}

export function isAlias(node: u32): bool {
  return (load<u32>(node) & 3) === kind.alias
}

export function isMapping(node: u32): bool {
  return (load<u32>(node) & 3) === kind.mapping
}

export function isSequence(node: u32): bool {
  return (load<u32>(node) & 3) === kind.sequence
}

/** Moves the end of a node that continues. */
export function extend(node: u32, end: u32): void {
  store<u32>(node, end + shift, 8)
}

/** Ends a collection after all nodes so far. */
function finish(node: u32, holdsListKey: bool): void {
  if (holdsListKey) store<u32>(node, load<u32>(node) | hasListKey)
  store<u32>(node, (next - tape) >> 4, 12)
}

/** Ends a block collection where its last value ends. */
export function finishBlock(node: u32, last: u32, holdsListKey: bool): void {
  store<u32>(node, load<u32>(last, 8), 8)
  finish(node, holdsListKey)
}

/** Ends a flow collection after its bracket. */
export function finishFlow(node: u32, end: u32, holdsListKey: bool): void {
  extend(node, end)
  finish(node, holdsListKey)
}

/** Traps if there is no more memory. */
function makeRoom(end: u32): void {
  if (end <= room) return
  if (memory.grow(1 + ((end - tape) >> 17)) === -1) unreachable()
  room = (<u32>memory.size()) << 16
}

/** The end of the answer to a question, which is written after the nodes. */
let answerEnd: u32 = 0

/** Begins an answer. */
export function beginAnswer(): void {
  answerEnd = next
}

/** Where the nodes end and the answer begins. */
export function tapeEnd(): u32 {
  return next
}

/**
 * Adds a number and some bytes to the answer: the number, how many bytes, the bytes, padded to a
 * multiple of four.
 */
export function putAnswer(number: u32, bytes: u32, length: u32): void {
  makeRoom(answerEnd + length + 12)
  store<u32>(answerEnd, number)
  store<u32>(answerEnd, length, 4)
  memory.copy(answerEnd + 8, bytes, length)
  answerEnd += 8 + ((length + 3) & ~3)
}

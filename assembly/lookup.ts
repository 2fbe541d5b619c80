// Looks for the nodes at several paths of keys at once.

import { tape } from './input'
import { isMapping, placeOf } from './tape'

// A query is a tree of steps in the memory: where the name of the key stands, its length, the first step below, the next step beside, and,
// after a look-up, the number of the node, 0 where there is none. A step is five numbers.
const nameAt: usize = 0
const nameLength: usize = 4
const below: usize = 8
const beside: usize = 12
const found: usize = 16

/** Looks below a mapping. False where it is not sure: keys in quotes can't be compared here. */
export function lookup(mapping: u32, query: u32): bool {
  forget(query)
  return look(mapping, query)
}

function forget(query: u32): void {
  for (let step = query; step !== 0; step = load<u32>(step, beside)) {
    store<u32>(step, 0, found)
    forget(load<u32>(step, below))
  }
}

function look(mapping: u32, query: u32): bool {
  const after = load<u32>(tape + (mapping << 4), 12)
  for (let key = mapping + 1; key < after; key = load<u32>(tape + (key << 4), 28)) {
    const node = tape + (key << 4)
    if (load<u32>(node) !== 0) return false
    const start = load<u32>(node, 4)
    const length = load<u32>(node, 8) - start
    for (let step = query; step !== 0; step = load<u32>(step, beside)) {
      // of duplicate keys the first counts
      if (load<u32>(step, nameLength) !== length || load<u32>(step, found) !== 0) continue
      if (memory.compare(load<u32>(step, nameAt), placeOf(start), length) === 0)
        store<u32>(step, key + 1, found)
    }
  }
  for (let step = query; step !== 0; step = load<u32>(step, beside)) {
    const value = load<u32>(step, found)
    if (value === 0 || load<u32>(step, below) === 0 || !isMapping(tape + (value << 4))) continue
    if (!look(value, load<u32>(step, below))) return false
  }
  return true
}

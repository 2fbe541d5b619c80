// Searches a mapping on the tape for the nodes at several paths of keys at once.

import { tape } from './input'
import { resolved } from './properties'
import { addressOf, firstInside, isMapping } from './tape'

// A query is a tree of steps in the memory. A step is five numbers: the address of the name of its
// key, the length of the name, the first step below, the next step beside and, after a look-up, the
// number of the node, which is 0 if there is none.
const nameAddress: usize = 0
const nameLength: usize = 4
const below: usize = 8
const beside: usize = 12
const answer: usize = 16

/**
 * Searches below a mapping. Returns false if it cannot decide, because keys in quotes cannot be
 * compared here.
 */
export function lookUp(mapping: u32, query: u32): bool {
  clearAnswers(query)
  return searchMapping(mapping, query)
}

function clearAnswers(query: u32): void {
  for (let step = query; step !== 0; step = load<u32>(step, beside)) {
    store<u32>(step, 0, answer)
    clearAnswers(load<u32>(step, below))
  }
}

function searchMapping(mapping: u32, query: u32): bool {
  const after = load<u32>(tape + (mapping << 4), 12)
  for (let key = firstInside(mapping); key < after; key = load<u32>(tape + (key << 4), 28)) {
    const node = tape + (key << 4)
    if (load<u32>(node) !== 0) return false
    const start = load<u32>(node, 4)
    const length = load<u32>(node, 8) - start
    for (let step = query; step !== 0; step = load<u32>(step, beside)) {
      // of duplicate keys the first counts
      if (load<u32>(step, nameLength) !== length || load<u32>(step, answer) !== 0) continue
      if (memory.compare(load<u32>(step, nameAddress), addressOf(start), length) === 0)
        store<u32>(step, key + 1, answer)
    }
  }
  for (let step = query; step !== 0; step = load<u32>(step, beside)) {
    if (load<u32>(step, answer) === 0 || load<u32>(step, below) === 0) continue
    const value = resolved(load<u32>(step, answer))
    if (!isMapping(tape + (value << 4))) continue
    if (!searchMapping(value, load<u32>(step, below))) return false
  }
  return true
}

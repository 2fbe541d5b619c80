// Searches a mapping on the tape for a key. The entries of a mapping follow each other there: a
// key, its value with everything that it contains, the next key. The numbers of the first key and
// of the node after the mapping tell which mapping is meant. 0, the number of the root, is never
// the number of a key.

import { names, tape } from './input'
import { addressOf } from './tape'

/** Where the names begin that keys are compared with. */
export function namesStart(): u32 {
  return names
}

/**
 * The first key from `key` on whose text is the `length` bytes at `name`; 0 if there is none. A key
 * in quotes that comes before it, which cannot be compared here, is returned as a negative number.
 */
export function findKey(key: u32, after: u32, name: u32, length: u32): i32 {
  let number = key
  while (number < after) {
    const node = tape + (number << 4)
    if (load<u32>(node) !== 0) return -(<i32>number)
    const start = load<u32>(node, 4)
    if (
      load<u32>(node, 8) - start === length &&
      memory.compare(addressOf(start), name, length) === 0
    )
      return number
    number = load<u32>(node, 28)
  }
  return 0
}

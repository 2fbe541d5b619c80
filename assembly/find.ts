// What is asked of the nodes on the tape. Of a mapping these stand one behind the other: a key, its value with all that it holds, the
// next key. So the numbers of its first key and of what follows it all say which mapping is meant. 0, the number of the root, is none.

import { names, tape } from './input'
import { placeOf } from './tape'

/** Where the bytes of names go that keys are compared with. */
export function namesAt(): u32 {
  return names
}

/**
 * The first key from `key` on that says the `length` bytes at `name`. A key in quotes on the way, which can't be compared like that, is
 * answered as a negative number.
 */
export function find(key: u32, after: u32, name: u32, length: u32): i32 {
  let number = key
  while (number < after) {
    const node = tape + (number << 4)
    if (load<u32>(node) !== 0) return -(<i32>number)
    const start = load<u32>(node, 4)
    if (load<u32>(node, 8) - start === length && memory.compare(placeOf(start), name, length) === 0)
      return number
    number = load<u32>(node, 28)
  }
  return 0
}

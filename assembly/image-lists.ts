import { at } from './input'

// `containers`, `initContainers`, `ephemeralContainers` and `volumes`: the keys of the lists in which pods name images. Whatever holds none
// of them need not be searched (src/targets/containers.ts).

/** How many such keys were met, and keys that can't be told without decoding them. */
export let imageLists: u32 = 0
/** Whether the last key was one. */
let isLast: bool = false

/** Meets the key of an entry. */
export function meet(key: u32, end: u32, isPlain: bool): void {
  isLast = !isPlain || namesImages(key, end - key)
  if (isLast) imageLists++
}

/** `imageLists` before a collection that begins now: one that stands under such a key counts as holding it. */
export function imageListsBefore(): u32 {
  const before = isLast ? imageLists - 1 : imageLists
  isLast = false
  return before
}

/** Whether a plain key is one of them. */
export function namesImages(key: u32, length: u32): bool {
  switch (length) {
    case 7:
      return says(key, 'volumes')
    case 10:
      return says(key, 'containers')
    case 14:
      return says(key, 'initContainers')
    case 19:
      return says(key, 'ephemeralContainers')
    default:
      return false
  }
}

function says(key: u32, name: string): bool {
  for (let index = 0; index < name.length; index++)
    if (at(key + index) !== <u8>name.charCodeAt(index)) return false
  return true
}

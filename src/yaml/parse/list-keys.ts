import { assembly, forgetLoads, keep, nameInMemory, words } from './wasm.ts'

const maxKeys = 32
/** Two numbers of four bytes for each key: where its name is, and its length. */
const table = keep(maxKeys * 8)
let current: readonly string[] = []

/**
 * Lets the fast reader mark the collections with such keys from now on; tapes without these marks
 * are written again. The array is compared by identity. Returns false if there is no room for the
 * keys.
 */
export function markListKeys(keys: readonly string[]): boolean {
  if (keys === current) return true
  if (table === undefined || keys.length > maxKeys) return false
  const numbers = keys.flatMap(key => {
    const name = nameInMemory(key)
    return name === undefined ? [] : [name.address, name.length]
  })
  if (numbers.length < 2 * keys.length) return false
  words().set(numbers, table >> 2)
  assembly.setListKeys(table, keys.length)
  forgetLoads()
  current = keys
  return true
}

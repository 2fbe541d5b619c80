import { firstListKeys, type ListKeys } from '../tree/list-keys.ts'
import { assembly, forgetLoads, keep, nameInMemory, words } from './wasm.ts'

const maxKeys = 32
/** Two numbers of four bytes for each key: the address of its name, and its length. */
const table = keep(maxKeys * 8)
let current: ListKeys | undefined

/** Lets the fast reader mark the first list keys, unless others are already marked. */
export function markFirstListKeys(): void {
  const keys = current === undefined ? firstListKeys() : undefined
  if (keys !== undefined) markListKeys(keys)
}

/**
 * Lets the fast reader mark the collections that contain such keys from now on; tapes without these
 * marks are written again. Returns false if there is no room for the keys.
 */
export function markListKeys(keys: ListKeys): boolean {
  if (keys === current) return true
  if (table === undefined || keys.names.length > maxKeys) return false
  const numbers = keys.names.flatMap(key => {
    const name = nameInMemory(key)
    return name === undefined ? [] : [name.address, name.length]
  })
  if (numbers.length < 2 * keys.names.length) return false
  words().set(numbers, table >> 2)
  assembly.setListKeys(table, keys.names.length)
  forgetLoads()
  current = keys
  return true
}

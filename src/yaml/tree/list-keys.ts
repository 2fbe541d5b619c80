/** Keys whose sequences are searched for, in one mapping after another. */
export interface ListKeys {
  readonly names: readonly string[]
}

let first: ListKeys | undefined

/** Makes such a set of keys. Make it once, before anything is read, so that readers can prepare. */
export function listKeysFor(names: readonly string[]): ListKeys {
  const keys = { names }
  first ??= keys
  return keys
}

/** The keys that were made first, which readers prepare for. */
export const firstListKeys = (): ListKeys | undefined => first

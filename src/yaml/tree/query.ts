/** Named paths of keys that are looked up together, in one mapping after another. */
export interface Query<Name extends string = string> {
  /** Counts the queries of the process, so that a reader finds again what it prepared for one. */
  readonly number: number
  readonly names: readonly Name[]
  /** The path of each name, in the same order. */
  readonly paths: readonly (readonly string[])[]
  /** The answer if no path leads to a node. */
  readonly nothing: Readonly<Record<Name, undefined>>
}

let count = 0

/** Makes a query. It lasts as long as the process, so make it once, not for each mapping. */
export function queryFor<Name extends string>(
  paths: Readonly<Record<Name, readonly string[]>>,
): Query<Name> {
  const names = Object.keys(paths) as Name[]
  return {
    number: count++,
    names,
    paths: names.map(name => paths[name]),
    nothing: Object.fromEntries(names.map(name => [name, undefined])) as Record<Name, undefined>,
  }
}

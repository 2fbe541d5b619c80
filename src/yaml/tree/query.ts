/** Named paths of keys that are looked up together, in one mapping after another. */
export interface Query<Name extends string = string> {
  /** Counts the queries of the process, so that a reader finds again what it prepared for one. */
  readonly number: number
  readonly paths: readonly (readonly string[])[]
  /** The record of what was found at the paths, which is given in their order. */
  named<Node>(found: readonly Node[]): Readonly<Record<Name, Node>>
}

let count = 0

/** Makes a query. It lasts as long as the process, so make it once, not for each mapping. */
export function queryFor<Name extends string>(
  paths: Readonly<Record<Name, readonly string[]>>,
): Query<Name> {
  const names = Object.keys(paths) as Name[]
  const Named = recordWith(names)
  return {
    number: count++,
    paths: names.map(name => paths[name]),
    named: <Node>(found: readonly Node[]) => new Named(found) as Readonly<Record<Name, Node>>,
  }
}

const values = Symbol('values')

/**
 * A record of these names that refers to a list of values. To copy the values into an object with
 * names that are only known here takes longer than to find them.
 */
function recordWith(names: readonly string[]): new (found: readonly unknown[]) => object {
  class Named {
    readonly [values]: readonly unknown[]

    constructor(found: readonly unknown[]) {
      this[values] = found
    }
  }
  for (const [index, name] of names.entries())
    Object.defineProperty(Named.prototype, name, {
      get(this: Named) {
        return this[values][index]
      },
    })
  return Named
}

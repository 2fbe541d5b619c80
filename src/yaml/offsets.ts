/**
 * A set of byte offsets. Most are added in ascending order, and there can be very many, for which a
 * hash table is large and slow.
 */
export interface Offsets {
  /** Always true. */
  add(offset: number): true
  has(offset: number): boolean
}

export function newOffsets(): Offsets {
  const ascending: number[] = []
  const others = new Set<number>()
  return {
    add(offset) {
      const last = ascending.at(-1)
      if (last === undefined || last < offset) ascending.push(offset)
      else if (last !== offset) others.add(offset)
      return true
    },
    has: offset => ascending[firstFrom(ascending, offset)] === offset || others.has(offset),
  }
}

/** The index of the first number that is not less than the given one. */
export function firstFrom(ascending: ArrayLike<number>, number: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) < number) low = middle + 1
    else high = middle
  }
  return low
}

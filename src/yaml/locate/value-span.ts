import type { YamlTree } from '../tree/node.ts'

/** A piece of the input that is one YAML value: a document, an item of a ResourceList, or its functionConfig. Offsets are bytes. */
export interface Part {
  readonly start: number
  readonly end: number
  /** So many bytes from `start` are not the value's own: the `-` of an item, the `functionConfig:` before its value. */
  readonly blank: number
  /** Already there where only reading the whole document could tell where the part stands. */
  readonly tree?: YamlTree
}

/** Parts in the order of the bytes. There may be very many, so that each is made when somebody asks for it. */
export interface Parts extends Iterable<Part> {
  readonly length: number
  at(index: number): Part
  /** The index of the part that holds `[start, end)`; -1 where none does. Found at once `near` an index, or soon behind it. */
  holding(start: number, end: number, near: number): number
}

/** The parts that begin at these offsets. */
export function partsAt(
  starts: readonly number[],
  endOf: (index: number) => number,
  at: (index: number) => Part,
): Parts {
  return {
    length: starts.length,
    at,
    holding(start, end, near) {
      const begins = (index: number) => index < starts.length && (starts[index] as number) <= start
      let low = begins(near) ? near : 0
      let step = 1
      for (; begins(low + step); step *= 2) low += step
      for (; step > 1; step /= 2) if (begins(low + step / 2)) low += step / 2
      return begins(low) && end <= endOf(low) ? low : -1
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < starts.length; index++) yield at(index)
    },
  }
}

/** Parts that are there already. */
export function partsOf(parts: readonly Part[]): Parts {
  const at = (index: number) => parts[index] as Part
  return partsAt(
    parts.map(({ start }) => start),
    index => at(index).end,
    at,
  )
}

import type { ValueSpan } from '../parse/value-span.ts'

/** Spans in the order of the bytes. There may be very many, so each object is made on demand. */
export interface ValueSpans extends Iterable<ValueSpan> {
  readonly length: number
  at(index: number): ValueSpan
  /**
   * The index of the span that contains `[start, end)`, or -1. The search starts at the index
   * `near`, so nearby spans are found fast.
   */
  holding(start: number, end: number, near: number): number
}

/** The spans that begin at these offsets. */
export function spansFrom(
  starts: readonly number[],
  endOf: (index: number) => number,
  at: (index: number) => ValueSpan,
): ValueSpans {
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

/** Spans that already exist as objects. */
export function spansOf(spans: readonly ValueSpan[]): ValueSpans {
  const at = (index: number) => spans[index] as ValueSpan
  return spansFrom(
    spans.map(({ start }) => start),
    index => at(index).end,
    at,
  )
}

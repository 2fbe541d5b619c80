import { at, limit } from './input'
import { offsetOf, placeOf } from './tape'

/** Where no text stands. */
const nowhere: u32 = 0xffffffff

/** The offset of the first place from `from` on where the `length` bytes at `text` stand before `end`; `nowhere` for none. */
export function indexOf(from: u32, end: u32, text: u32, length: u32): u32 {
  const first = i8x16.splat(at(text))
  const last = i8x16.splat(at(text + length - 1))
  const stop = min(placeOf(end), limit)
  for (let place = placeOf(from); place + length <= stop; place += 16) {
    let hits = i8x16.bitmask(
      v128.and(i8x16.eq(v128.load(place), first), i8x16.eq(v128.load(place + length - 1), last)),
    )
    for (; hits !== 0; hits &= hits - 1) {
      const found = place + ctz(hits)
      if (found + length > stop) return nowhere
      if (memory.compare(found, text, length) === 0) return offsetOf(found)
    }
  }
  return nowhere
}

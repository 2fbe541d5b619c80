import { at, limit } from './input'
import { addressOf, offsetOf } from './tape'

/** The text does not occur. */
const nowhere: u32 = 0xffffffff

/**
 * The first offset, at or after `from`, of the `length` bytes at `text` before `end`; `nowhere` if
 * there is none.
 */
export function indexOf(from: u32, end: u32, text: u32, length: u32): u32 {
  const first = i8x16.splat(at(text))
  const last = i8x16.splat(at(text + length - 1))
  const stop = min(addressOf(end), limit)
  for (let address = addressOf(from); address + length <= stop; address += 16) {
    let hits = i8x16.bitmask(
      v128.and(
        i8x16.eq(v128.load(address), first),
        i8x16.eq(v128.load(address + length - 1), last),
      ),
    )
    for (; hits !== 0; hits &= hits - 1) {
      const hit = address + ctz(hits)
      if (hit + length > stop) return nowhere
      if (memory.compare(hit, text, length) === 0) return offsetOf(hit)
    }
  }
  return nowhere
}

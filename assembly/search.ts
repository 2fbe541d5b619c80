import { limit } from './input'
import { hasRoom, put, rewind } from './places'
import { child, firstNode, halves, planted, sibling, text } from './texts'

// in memory, so that it stays in a register: a constant is made anew in every round
const lowerHalf = memory.data<u8>([0x0f])

/**
 * Puts on the tape each planted text that begins in the `count` bytes from `from` on: how far behind `from`, and its number. Returns how
 * many bytes were searched until the tape was full. Looks up the first two bytes of 16 places at once by their halves (as "Teddy" of Hyperscan does), but for the
 * upper half of the second byte, which hardly says more; the tree of the texts says which of them really stands there.
 */
export function search(from: u32, count: u32): u32 {
  const end = from + count
  const lower = v128.load(halves)
  const upper = v128.load(halves, 16)
  const next = v128.load(halves, 32)
  const half = v128.load8_splat(lowerHalf)
  let before = i8x16.splat(0)
  rewind()
  for (let place = from; place <= end; place += 16) {
    const bytes = v128.load(place)
    const low = v128.and(bytes, half)
    const high = v128.and(i16x8.shr_u(bytes, 4), half)
    const begins = v128.and(i8x16.swizzle(lower, low), i8x16.swizzle(upper, high))
    const goesOn = i8x16.swizzle(next, low)
    const both = v128.and(i8x16.shuffle(before, begins, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30), goesOn)
    before = begins
    if (!v128.any_true(both)) continue
    for (let hits = i8x16.bitmask(i8x16.ne(both, i8x16.splat(0))); hits !== 0; hits &= hits - 1) {
      const found = place + ctz(hits) - 1
      if (found >= end) break
      if (!hasRoom(planted << 1)) return found - from
      putTexts(found, found - from)
    }
  }
  return count
}

/** All texts that begin at this place. */
function putTexts(place: u32, offset: u32): void {
  let next = place
  let node = load<u32>(firstNode(load<u8>(next)))
  while (node !== 0) {
    const number = load<u32>(node, text)
    if (number !== 0) {
      put(offset)
      put(number - 1)
    }
    if (++next >= limit) return
    const byte = <u32>load<u8>(next)
    node = load<u32>(node, child)
    while (node !== 0 && load<u32>(node) !== byte) node = load<u32>(node, sibling)
  }
}

import { limit } from './input'
import { clearNumbers, hasRoom, putNumber } from './numbers'
import { child, firstNode, halves, patternCount, patternEnd, sibling } from './patterns'

// in the memory, so that it is loaded into a register once: a constant is made again in every round
const lowerHalf = memory.data<u8>([0x0f])

/**
 * Writes to the tape each pattern that begins in the `count` bytes from `from` on: its distance
 * from `from`, and its number. Returns how many bytes were searched before the tape was full. The
 * first two bytes at many addresses are looked up at once by their halves, as "Teddy" of Hyperscan
 * does, except for the upper half of the second byte, which excludes hardly more. The tree of the
 * patterns then decides which of them are really there.
 */
export function search(from: u32, count: u32): u32 {
  const end = from + count
  const lower = v128.load(halves)
  const upper = v128.load(halves, 16)
  const next = v128.load(halves, 32)
  const half = v128.load8_splat(lowerHalf)
  let before = i8x16.splat(0)
  clearNumbers()
  for (let address = from; address <= end; address += 64) {
    const first = v128.load(address)
    const second = v128.load(address, 16)
    const third = v128.load(address, 32)
    const fourth = v128.load(address, 48)
    const firstBegins = beginsIn(first, lower, upper, half)
    const secondBegins = beginsIn(second, lower, upper, half)
    const thirdBegins = beginsIn(third, lower, upper, half)
    const fourthBegins = beginsIn(fourth, lower, upper, half)
    const firstHits = goesOnIn(first, before, firstBegins, next, half)
    const secondHits = goesOnIn(second, firstBegins, secondBegins, next, half)
    const thirdHits = goesOnIn(third, secondBegins, thirdBegins, next, half)
    const fourthHits = goesOnIn(fourth, thirdBegins, fourthBegins, next, half)
    before = fourthBegins
    if (!v128.any_true(v128.or(v128.or(firstHits, secondHits), v128.or(thirdHits, fourthHits))))
      continue
    let hits =
      bits(firstHits) |
      (bits(secondHits) << 16) |
      (bits(thirdHits) << 32) |
      (bits(fourthHits) << 48)
    for (; hits !== 0; hits &= hits - 1) {
      const hit = address + <u32>ctz(hits) - 1
      if (hit >= end) break
      if (!hasRoom(patternCount << 1)) return hit - from
      putPatterns(hit, hit - from)
    }
  }
  return count
}

/** The groups whose patterns begin with each of the bytes. */
function beginsIn(bytes: v128, lower: v128, upper: v128, half: v128): v128 {
  return v128.and(
    i8x16.swizzle(lower, v128.and(bytes, half)),
    i8x16.swizzle(upper, v128.and(i16x8.shr_u(bytes, 4), half)),
  )
}

/** The groups whose patterns begin with the byte before each of the bytes and continue with it. */
function goesOnIn(bytes: v128, before: v128, begins: v128, next: v128, half: v128): v128 {
  const beginsBefore = i8x16.shuffle(
    before,
    begins,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    29,
    30,
  )
  return v128.and(beginsBefore, i8x16.swizzle(next, v128.and(bytes, half)))
}

function bits(hits: v128): u64 {
  return <u64>i8x16.bitmask(i8x16.ne(hits, i8x16.splat(0)))
}

/** Writes all patterns that begin at this address. */
function putPatterns(address: u32, offset: u32): void {
  let next = address
  let node = load<u32>(firstNode(load<u8>(next)))
  while (node !== 0) {
    const number = load<u32>(node, patternEnd)
    if (number !== 0) {
      putNumber(offset)
      putNumber(number - 1)
    }
    if (++next >= limit) return
    const byte = <u32>load<u8>(next)
    node = load<u32>(node, child)
    while (node !== 0 && load<u32>(node) !== byte) node = load<u32>(node, sibling)
  }
}

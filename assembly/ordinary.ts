import { at, byte, input, limit } from './input'

/**
 * Whether the bytes are UTF-8 text without control characters, or a byte order mark behind the `mark` first bytes, whose lines end in `\n`
 * or `\r\n`.
 */
export function isOrdinary(mark: u32): bool {
  let beyondAscii = i8x16.splat(0)
  let control = i8x16.splat(0)
  for (let place = input; place < limit; place += 16) {
    const bytes = v128.load(place)
    // as signed numbers, bytes that are not ASCII are below the space too
    const low = i8x16.lt_s(bytes, i8x16.splat(byte.space))
    const plain = v128.or(
      i8x16.eq(bytes, i8x16.splat(byte.newline)),
      i8x16.eq(bytes, i8x16.splat(byte.tab)),
    )
    const isDelete = i8x16.eq(bytes, i8x16.splat(0x7f))
    if (!v128.any_true(v128.or(v128.andnot(low, plain), isDelete))) continue
    const isReturn = i8x16.eq(bytes, i8x16.splat(byte.carriageReturn))
    const isLone = v128.and(isReturn, i8x16.ne(v128.load(place, 1), i8x16.splat(byte.newline)))
    const isControl = v128.andnot(
      i8x16.lt_u(bytes, i8x16.splat(byte.space)),
      v128.or(plain, isReturn),
    )
    beyondAscii = v128.or(beyondAscii, bytes)
    control = v128.or(control, v128.or(isControl, v128.or(isLone, isDelete)))
  }
  if (v128.any_true(control) || (limit > input && at(limit - 1) === byte.carriageReturn))
    return false
  return i8x16.bitmask(beyondAscii) === 0 || isUtf8(input + mark)
}

/** Whether the bytes from `from` on are UTF-8 (RFC 3629) without a byte order mark. */
function isUtf8(from: u32): bool {
  let place = from
  while (place < limit) {
    const first = at(place)
    if (first < 0x80) place++
    else if (first < 0xc2 || first > 0xf4) return false
    else {
      const second = at(place + 1)
      const third = at(place + 2)
      if (!continues(second)) return false
      if (first < 0xe0) place += 2
      else if (!continues(third)) return false
      else if (first < 0xf0) {
        // not longer than needed, no half of a surrogate pair, no byte order mark
        if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return false
        if (first === 0xef && second === 0xbb && third === 0xbf) return false
        place += 3
      } else {
        if (
          !continues(at(place + 3)) ||
          (first === 0xf0 && second < 0x90) ||
          (first === 0xf4 && second > 0x8f)
        )
          return false
        place += 4
      }
    }
  }
  return place === limit
}

function continues(value: u8): bool {
  return (value & 0xc0) === 0x80
}

import { at, byte, input, limit } from './input'

/**
 * Whether the bytes are UTF-8 text without control characters whose lines end in `\n` or `\r\n`.
 * The `mark` first bytes are a byte order mark; another one is not allowed.
 */
export function isOrdinary(mark: u32): bool {
  let beyondAscii = i8x16.splat(0)
  let control = i8x16.splat(0)
  for (let address = input; address < limit; address += 16) {
    const bytes = v128.load(address)
    // as signed numbers, bytes beyond ASCII are below the space too
    const low = i8x16.lt_s(bytes, i8x16.splat(byte.space))
    const plain = v128.or(
      i8x16.eq(bytes, i8x16.splat(byte.newline)),
      i8x16.eq(bytes, i8x16.splat(byte.tab)),
    )
    const isDelete = i8x16.eq(bytes, i8x16.splat(0x7f))
    if (!v128.any_true(v128.or(v128.andnot(low, plain), isDelete))) continue
    const isReturn = i8x16.eq(bytes, i8x16.splat(byte.carriageReturn))
    const isLone = v128.and(isReturn, i8x16.ne(v128.load(address, 1), i8x16.splat(byte.newline)))
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
  let address = from
  while (address < limit) {
    const first = at(address)
    if (first < 0x80) address++
    else if (first < 0xc2 || first > 0xf4) return false
    else {
      const second = at(address + 1)
      const third = at(address + 2)
      if (!continues(second)) return false
      if (first < 0xe0) address += 2
      else if (!continues(third)) return false
      else if (first < 0xf0) {
        // not longer than necessary, not half of a surrogate pair, not a byte order mark
        if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return false
        if (first === 0xef && second === 0xbb && third === 0xbf) return false
        address += 3
      } else {
        if (
          !continues(at(address + 3)) ||
          (first === 0xf0 && second < 0x90) ||
          (first === 0xf4 && second > 0x8f)
        )
          return false
        address += 4
      }
    }
  }
  return address === limit
}

function continues(value: u8): bool {
  return (value & 0xc0) === 0x80
}

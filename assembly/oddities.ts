import { at, byte, input, limit } from './input'

/** What the bytes hold that is not plain ASCII text in lines that end in `\n`. */
export namespace odd {
  export const notAscii: u32 = 1
  /** `\r` before `\n`. */
  export const carriageReturn: u32 = 2
  /** `\r` before anything else, or another control character than `\t` and `\n`. */
  export const control: u32 = 4
}

/** The sum of all that is odd. */
export function oddities(): u32 {
  let high = i8x16.splat(0)
  let returns = i8x16.splat(0)
  let controls = i8x16.splat(0)
  for (let place = input; place < limit; place += 16) {
    const bytes = v128.load(place)
    // as signed numbers, bytes that are not ASCII are below the space too
    const low = i8x16.lt_s(bytes, i8x16.splat(byte.space))
    const plain = v128.or(i8x16.eq(bytes, i8x16.splat(byte.newline)), i8x16.eq(bytes, i8x16.splat(byte.tab)))
    if (!v128.any_true(v128.or(v128.andnot(low, plain), i8x16.eq(bytes, i8x16.splat(0x7f))))) continue
    const isReturn = i8x16.eq(bytes, i8x16.splat(byte.carriageReturn))
    const isLone = v128.and(isReturn, i8x16.ne(v128.load(place, 1), i8x16.splat(byte.newline)))
    const isControl = v128.andnot(i8x16.lt_u(bytes, i8x16.splat(byte.space)), v128.or(plain, isReturn))
    high = v128.or(high, bytes)
    returns = v128.or(returns, isReturn)
    controls = v128.or(controls, v128.or(isControl, v128.or(isLone, i8x16.eq(bytes, i8x16.splat(0x7f)))))
  }
  return (
    (i8x16.bitmask(high) !== 0 ? odd.notAscii : 0) |
    (v128.any_true(returns) ? odd.carriageReturn : 0) |
    (v128.any_true(controls) || at(limit - 1) === byte.carriageReturn ? odd.control : 0)
  )
}

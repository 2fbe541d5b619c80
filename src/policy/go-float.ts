const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)$/
const infinity = /^([+-]?)inf(?:inity)?$/i

/**
 * The number that Go's `strconv.ParseFloat(text, 64)` reads; undefined if it refuses: `1_000`,
 * `0x1p4`, `inf` and `nan` are numbers; `0x10`, ` 1` and `1e400` (out of range) are not. Source:
 * strconv/atof.go, Go 1.26.
 */
export function parseGoFloat(text: string): number | undefined {
  if (text.includes('_') && !underscoresSeparateDigits(text)) return undefined
  const digits = text.replaceAll('_', '')
  if (decimal.test(digits)) return finite(Number(digits))
  const [hex, sign, whole = '', fraction = '', exponent] = hexadecimal.exec(digits) ?? []
  if (hex !== undefined)
    return whole + fraction === ''
      ? undefined
      : finite(signed(sign, hexFloat(whole, fraction, Number(exponent))))
  const special = infinity.exec(text)
  if (special) return signed(special[1], Number.POSITIVE_INFINITY)
  return /^nan$/i.test(text) ? Number.NaN : undefined
}

const finite = (number: number): number | undefined =>
  Number.isFinite(number) ? number : undefined

const signed = (sign: string | undefined, number: number): number =>
  sign === '-' ? -number : number

/**
 * An underscore must have a digit on both sides; the `0x` of a hexadecimal number counts as a
 * digit.
 */
function underscoresSeparateDigits(text: string): boolean {
  const unsigned = text.replace(/^[+-]/, '')
  const hex = /^0x/i.test(unsigned)
  const digits = hex ? `0${unsigned.slice(2)}` : unsigned
  const digit = hex ? '[0-9a-fA-F]' : '[0-9]'
  return !new RegExp(`(?<!${digit})_|_(?!${digit})`).test(digits)
}

/** `whole.fraction × 2^exponent`, rounded half to even once, for subnormal numbers too. */
function hexFloat(whole: string, fraction: string, exponent: number): number {
  const mantissa = BigInt(`0x${whole}${fraction}`)
  if (mantissa === 0n) return 0
  const scale = exponent - 4 * fraction.length
  const bits = mantissa.toString(2).length
  const leading = scale + bits - 1
  if (leading > 1023) return Number.POSITIVE_INFINITY
  if (leading < -1075) return 0
  const kept = Math.min(53, 53 + leading + 1022)
  const dropped = bits - kept
  if (dropped <= 0) return Number(mantissa) * 2 ** scale
  const unit = 1n << BigInt(dropped)
  const quotient = mantissa / unit
  const rest = mantissa % unit
  const up = rest * 2n > unit || (rest * 2n === unit && quotient % 2n === 1n)
  return Number(up ? quotient + 1n : quotient) * 2 ** (scale + dropped)
}

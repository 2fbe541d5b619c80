/**
 * Orders two texts by their UTF-8 bytes, as Go compares strings: negative, 0 or positive.
 *
 * JavaScript compares UTF-16 units, in which a surrogate half of an emoji comes before U+E000 to
 * U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const unitA = a.charCodeAt(index)
    const unitB = b.charCodeAt(index)
    if (unitA !== unitB) return bytesRank(unitA) - bytesRank(unitB)
  }
  return a.length - b.length
}

/** Surrogates encode the code points above U+FFFF, so they rank above all other units. */
const bytesRank = (unit: number): number =>
  unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit

import type { ValueSpan } from '../parse/value-span.ts'
import type { Scan } from './scan.ts'
import type { ValueSpans } from './value-spans.ts'

/** The escapes that can hide a printable character: by `x`, `u`, `U`, `/`, a line break. */
export const escapes: readonly string[] = ['\\x', '\\u', '\\U', '\\/', '\\\n', '\\\r']

/**
 * The parts that may hold one of these texts (ASCII, without spaces) in a scalar or a comment: all whose bytes hold it as it is, all with
 * an escape that could spell it, and all that were parsed with the whole document, for their aliases. In the parts' order.
 */
export function* itemsMentioning(
  scan: Scan,
  parts: ValueSpans,
  needles: readonly string[],
): Generator<ValueSpan> {
  if (needles.includes('') || (parts.length > 0 && parts.at(0).tree !== undefined))
    return yield* parts
  const hit = new Uint8Array(parts.length)
  for (const { length, offsets } of scan.find([...needles, ...escapes])) {
    let last = 0
    for (const offset of offsets) {
      const index = parts.holding(offset, offset + length, last)
      if (index === -1) continue
      hit[index] = 1
      last = index
    }
  }
  for (let index = hit.indexOf(1); index !== -1; index = hit.indexOf(1, index + 1))
    yield parts.at(index)
}

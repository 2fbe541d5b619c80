import type { ValueSpan } from '../parse/value-span.ts'
import type { Scan } from './scan.ts'
import type { ValueSpans } from './value-spans.ts'

/** The escapes that can hide a printable character: with `x`, `u`, `U`, `/` or a line break. */
export const escapes: readonly string[] = ['\\x', '\\u', '\\U', '\\/', '\\\n', '\\\r']

/**
 * The items that may contain one of these texts (ASCII, without spaces) in a scalar or a comment,
 * in order: those whose bytes contain it, those with an escape that could spell it, and all items
 * of a document that was parsed as a whole, because of their aliases.
 */
export function* itemsMentioning(
  scan: Scan,
  items: ValueSpans,
  mentions: readonly string[],
): Generator<ValueSpan> {
  if (mentions.includes('') || (items.length > 0 && items.at(0).tree !== undefined))
    return yield* items
  const isHit = new Uint8Array(items.length)
  for (const { length, offsets } of scan.find([...mentions, ...escapes])) {
    let last = 0
    for (const offset of offsets) {
      const index = items.holding(offset, offset + length, last)
      if (index === -1) continue
      isHit[index] = 1
      last = index
    }
  }
  for (let index = isHit.indexOf(1); index !== -1; index = isHit.indexOf(1, index + 1))
    yield items.at(index)
}

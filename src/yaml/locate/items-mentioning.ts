import type { ValueSpan } from '../parse/value-span.ts'
import { escapes, escapesSpelling } from './escaped-texts.ts'
import type { Scan } from './scan.ts'
import type { ValueSpans } from './value-spans.ts'

/**
 * The items that may contain one of these texts (without spaces) in a scalar or a comment, in
 * order: those whose bytes contain it, those with escapes that may spell it, and all items of a
 * document that was parsed as a whole, because of their aliases.
 */
export function* itemsMentioning(
  scan: Scan,
  items: ValueSpans,
  mentions: readonly string[],
): Generator<ValueSpan> {
  if (mentions.includes('') || (items.length > 0 && items.at(0).tree !== undefined))
    return yield* items
  const isHit = new Uint8Array(items.length)
  for (const { length, offsets } of scan.find(mentions)) hit(isHit, items, offsets, length)
  for (const { offsets } of scan.find(escapes))
    hit(isHit, items, escapesSpelling(scan.bytes, offsets, mentions), 1)
  for (let index = isHit.indexOf(1); index !== -1; index = isHit.indexOf(1, index + 1))
    yield items.at(index)
}

/** Marks the items that contain something of this length at one of the offsets. */
function hit(
  isHit: Uint8Array,
  items: ValueSpans,
  offsets: Iterable<number>,
  length: number,
): void {
  let last = 0
  for (const offset of offsets) {
    const index = items.holding(offset, offset + length, last)
    if (index === -1) continue
    isHit[index] = 1
    last = index
  }
}

import type { Occurrences, Scan } from './scan.ts'
import type { ValueSpans } from './value-spans.ts'

/** The texts that `crossesItems` searches for. */
export const anchorSigns: readonly string[] = ['&', '*']

/**
 * Whether an alias may refer to an anchor outside its own item, so that the items cannot be read
 * one by one. This looks only at bytes, so text that looks like an anchor and its alias counts too.
 */
export function crossesItems(scan: Scan, items: ValueSpans): boolean {
  const [anchorsFound, aliasesFound] = scan.find(anchorSigns) as [Occurrences, Occurrences]
  if (anchorsFound.offsets.length === 0) return false
  /** For each name, its first offset in each item. */
  const anchors = new Map<string, Map<number, number>>()
  for (const { name, offset } of names(scan.bytes, anchorsFound)) {
    const firsts = anchors.get(name) ?? new Map<number, number>()
    const item = items.holding(offset, offset + 1, 0)
    if (!firsts.has(item)) anchors.set(name, firsts.set(item, offset))
  }
  if (anchors.size === 0) return false
  for (const { name, offset } of names(scan.bytes, aliasesFound)) {
    const firsts = anchors.get(name)
    if (firsts && (firsts.get(items.holding(offset, offset + 1, 0)) ?? offset) >= offset)
      return true
  }
  return false
}

function* names(
  bytes: Buffer,
  { offsets }: Occurrences,
): Generator<{ name: string; offset: number }> {
  for (const offset of offsets) {
    const before = bytes[offset - 1]
    if (before !== undefined && !' \t\n-[{,:'.includes(String.fromCharCode(before))) continue
    const name = /^[^\s,[\]{}]+/.exec(bytes.toString('latin1', offset + 1, offset + 200))?.[0]
    if (name) yield { name, offset }
  }
}

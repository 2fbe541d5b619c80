import type { Found, Scan } from './scan.ts'
import type { ValueSpans } from './value-spans.ts'

/** The texts that `crossesItems` looks for. */
export const anchorSigns: readonly string[] = ['&', '*']

/**
 * Whether some `*name` may stand for an anchor outside its own item, so that the items can't be read one by one. Text that looks like
 * an anchor and its alias counts too: this looks at bytes only.
 */
export function crossesItems(scan: Scan, items: ValueSpans): boolean {
  const [signs, stars] = scan.find(anchorSigns) as [Found, Found]
  if (signs.offsets.length === 0) return false
  /** The first place of each name in each item. */
  const anchors = new Map<string, Map<number, number>>()
  for (const { name, at } of names(scan.bytes, signs)) {
    const places = anchors.get(name) ?? new Map<number, number>()
    const item = items.holding(at, at + 1, 0)
    if (!places.has(item)) anchors.set(name, places.set(item, at))
  }
  if (anchors.size === 0) return false
  for (const { name, at } of names(scan.bytes, stars)) {
    const places = anchors.get(name)
    if (places && (places.get(items.holding(at, at + 1, 0)) ?? at) >= at) return true
  }
  return false
}

function* names(bytes: Buffer, { offsets }: Found): Generator<{ name: string; at: number }> {
  for (const at of offsets) {
    const before = bytes[at - 1]
    if (before !== undefined && !' \t\n-[{,:'.includes(String.fromCharCode(before))) continue
    const name = /^[^\s,[\]{}]+/.exec(bytes.toString('latin1', at + 1, at + 200))?.[0]
    if (name) yield { name, at }
  }
}

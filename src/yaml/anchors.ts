import type { Part } from './part.ts'

const ampersand = 0x26
const asterisk = 0x2a

/**
 * Whether some `*name` may stand for an anchor outside its own item, so that the items can't be read one by one. Text that looks like
 * an anchor and its alias counts too: this looks at bytes only.
 */
export function crossesItems(bytes: Buffer, items: readonly Part[]): boolean {
  /** The first place of each name in each item. */
  const anchors = new Map<string, Map<number, number>>()
  for (const { name, at } of names(bytes, ampersand)) {
    const places = anchors.get(name) ?? new Map<number, number>()
    const item = itemAt(items, at)
    if (!places.has(item)) anchors.set(name, places.set(item, at))
  }
  if (anchors.size === 0) return false
  for (const { name, at } of names(bytes, asterisk)) {
    const places = anchors.get(name)
    if (places && (places.get(itemAt(items, at)) ?? at) >= at) return true
  }
  return false
}

function* names(bytes: Buffer, sign: number): Generator<{ name: string; at: number }> {
  for (let at = bytes.indexOf(sign); at !== -1; at = bytes.indexOf(sign, at + 1)) {
    const before = bytes[at - 1]
    if (before !== undefined && !' \t\n-[{,:'.includes(String.fromCharCode(before))) continue
    const name = /^[^\s,[\]{}]+/.exec(bytes.toString('latin1', at + 1, at + 200))?.[0]
    if (name) yield { name, at }
  }
}

/** The index of the item that holds an offset; -1 for what is around the items. */
function itemAt(items: readonly Part[], offset: number): number {
  let [low, high] = [0, items.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const { start, end } = items[middle] as Part
    if (offset < start) high = middle - 1
    else if (offset >= end) low = middle + 1
    else return middle
  }
  return -1
}

import type { Part } from './part.ts'

/**
 * The parts that may hold one of these texts (ASCII, without spaces) in a scalar or a comment: all whose bytes hold it as it is, all with
 * an escape that could spell it, and all that were parsed with the whole document, for their aliases. In the parts' order; `parts` are
 * in the order of the bytes. One native pass over the bytes for each needle.
 */
export function candidates<P extends Part>(bytes: Buffer, parts: readonly P[], needles: readonly string[]): P[] {
  const hit = new Uint8Array(parts.length)
  parts.forEach((part, index) => {
    if (part.tree) hit[index] = 1
  })
  for (const needle of needles) mark(bytes, parts, hit, Buffer.from(needle), () => true)
  mark(bytes, parts, hit, Buffer.from('\\'), at => spellings.includes(bytes[at + 1] as number))
  return parts.filter((_, index) => hit[index] === 1)
}

/** What follows the backslash of an escape that can hide a printable character: `x`, `u`, `U`, `/`, a line break. */
const spellings = [0x78, 0x75, 0x55, 0x2f, 0x0a, 0x0d]

function mark(bytes: Buffer, parts: readonly Part[], hit: Uint8Array, needle: Buffer, counts: (at: number) => boolean): void {
  const find = finder(bytes, needle)
  let index = 0
  let at = find(0)
  while (at !== -1) {
    while (index < parts.length && (parts[index] as Part).end <= at) index++
    const part = parts[index]
    if (!part) return
    if (at < part.start || at + needle.length > part.end || (hit[index] === 0 && !counts(at))) at = find(at + 1)
    else {
      hit[index] = 1
      at = find(part.end)
    }
  }
}

/**
 * Finds the next needle. Node looks for six bytes or less four times as fast as for more, so only the beginning of the needle is looked
 * for, as long as little else begins like it.
 */
function finder(bytes: Buffer, needle: Buffer): (from: number) => number {
  const beginning = needle.subarray(0, 6)
  let others = 0
  return from => {
    let at = from
    for (; others < 1000; others++) {
      at = bytes.indexOf(beginning, at)
      if (at === -1 || bytes.subarray(at, at + needle.length).equals(needle)) return at
      at++
    }
    return bytes.indexOf(needle, at)
  }
}

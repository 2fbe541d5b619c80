import { lineBreakAt } from '../position.ts'
import type { MappingEntry, MappingNode } from '../tree/node.ts'
import type { Edit } from './splice.ts'

/** Entries to write, key and value as they stand in YAML, and entries to take away. */
export interface RawChange {
  readonly insert: readonly (readonly [key: string, value: string])[]
  readonly remove: ReadonlySet<MappingEntry>
}

/** How entries of a flow mapping are parted: `, ` or `,`, or each on its own line; and what stands between key and value. */
export function flowSpacing(
  bytes: Buffer,
  { entries, start, end }: MappingNode,
): { separator: string; colon: string; ownLines: boolean } {
  const [first] = entries
  const last = entries.at(-1)
  const tight =
    first !== undefined &&
    bytes[first.value.start - 1] === 58 &&
    first.value.end > first.value.start
  const colon = tight ? ':' : ': '
  const margin = last ? marginOf(bytes, last.key.start) : ''
  if (margin !== undefined && bytes.subarray(start, end).includes(10)) {
    return { separator: `,${lineBreakAt(bytes, start)}${margin}`, colon, ownLines: true }
  }
  return { separator: tight ? ',' : ', ', colon, ownLines: false }
}

/** The white space before `at`, where nothing else stands before it in its line. Looks no further: all of a JSON file can be one line. */
function marginOf(bytes: Buffer, at: number): string | undefined {
  let start = at
  while (start > 0 && (bytes[start - 1] === 32 || bytes[start - 1] === 9)) start--
  return start === 0 || bytes[start - 1] === 10 ? bytes.toString('latin1', start, at) : undefined
}

/** The edits that take entries away from a flow mapping and put new ones after the last that stays. */
export function editFlowMapping(
  bytes: Buffer,
  mapping: MappingNode,
  { insert, remove }: RawChange,
): Edit[] {
  const { start, end, entries } = mapping
  const { separator, colon } = flowSpacing(bytes, mapping)
  // without a space behind it, a colon parts only a quoted key from its value
  const texts = insert.map(([key, value]) => key + (key.startsWith('"') ? colon : ': ') + value)
  const lastKept = entries.findLastIndex(entry => !remove.has(entry))
  if (lastKept === -1) return [{ start, end, text: `{${texts.join(', ')}}` }]

  const removals = entries.slice(0, lastKept).flatMap((entry, index): Edit[] => {
    const next = entries[index + 1] as MappingEntry
    return remove.has(entry) ? [{ start: entry.key.start, end: next.key.start, text: '' }] : []
  })
  return [...endEdits(bytes, mapping, lastKept, texts, separator), ...removals]
}

/** The edits behind the last entry that stays. A comment there is its own: it keeps its place. */
function endEdits(
  bytes: Buffer,
  { entries, end }: MappingNode,
  lastKept: number,
  texts: readonly string[],
  separator: string,
): Edit[] {
  const from = (entries[lastKept] as MappingEntry).value.end
  const firstGone = entries[lastKept + 1]
  const commented = bytes.subarray(from, firstGone?.key.start ?? end).includes(0x23)
  if (firstGone) {
    const to = (entries.at(-1) as MappingEntry).value.end
    if (!commented)
      return [{ start: from, end: to, text: texts.map(text => separator + text).join('') }]
    const comma = /^\s*,/.exec(bytes.toString('latin1', to, end))?.[0].length ?? 0
    return [{ start: firstGone.key.start, end: to + comma, text: texts.join(separator) }]
  }
  if (texts.length === 0) return []
  if (!commented)
    return [{ start: from, end: from, text: texts.map(text => separator + text).join('') }]
  const front = (entries[0] as MappingEntry).key.start
  return [{ start: front, end: front, text: texts.map(text => text + separator).join('') }]
}

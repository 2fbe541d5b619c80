import { lineBreakAt } from '../position.ts'
import type { MappingEntry, MappingNode } from '../tree/node.ts'
import { entryStart } from './entry-start.ts'
import type { Edit } from './splice.ts'

/** Entries to insert, key and value as YAML text, and entries to remove. */
export interface RawChange {
  readonly insert: readonly (readonly [key: string, value: string])[]
  readonly remove: ReadonlySet<MappingEntry>
}

/**
 * How the entries of a flow mapping are separated: by `, ` or `,`, or each on its own line; and the
 * text between key and value.
 */
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
  const margin = last ? marginOf(bytes, entryStart(bytes, last)) : ''
  if (margin !== undefined && bytes.subarray(start, end).includes(10)) {
    return { separator: `,${lineBreakAt(bytes, start)}${margin}`, colon, ownLines: true }
  }
  return { separator: tight ? ',' : ', ', colon, ownLines: false }
}

/**
 * The white space before `offset`; undefined if other text precedes it on its line. Reads no
 * further: a whole JSON file can be one line.
 */
function marginOf(bytes: Buffer, offset: number): string | undefined {
  let start = offset
  while (start > 0 && (bytes[start - 1] === 32 || bytes[start - 1] === 9)) start--
  return start === 0 || bytes[start - 1] === 10
    ? bytes.toString('latin1', start, offset)
    : undefined
}

/**
 * The edits that remove entries from a flow mapping and insert new ones after the last that is
 * kept.
 */
export function editFlowMapping(
  bytes: Buffer,
  mapping: MappingNode,
  { insert, remove }: RawChange,
): Edit[] {
  const { start, end, entries } = mapping
  const { separator, colon } = flowSpacing(bytes, mapping)
  // a colon without a space after it ends only a quoted key
  const texts = insert.map(([key, value]) => key + (key.startsWith('"') ? colon : ': ') + value)
  const lastKept = entries.findLastIndex(entry => !remove.has(entry))
  if (lastKept === -1) return [{ start, end, text: `{${texts.join(', ')}}` }]

  const removals = entries.slice(0, lastKept).flatMap((entry, index): Edit[] => {
    const next = entries[index + 1] as MappingEntry
    return remove.has(entry)
      ? [{ start: entryStart(bytes, entry), end: entryStart(bytes, next), text: '' }]
      : []
  })
  return [...endEdits(bytes, mapping, lastKept, texts, separator), ...removals]
}

/**
 * The edits after the last entry that is kept. A comment there belongs to that entry and is not
 * moved.
 */
function endEdits(
  bytes: Buffer,
  { entries, end }: MappingNode,
  lastKept: number,
  texts: readonly string[],
  separator: string,
): Edit[] {
  const from = (entries[lastKept] as MappingEntry).value.end
  const firstRemoved = entries[lastKept + 1]
  const hasComment = bytes
    .subarray(from, firstRemoved ? entryStart(bytes, firstRemoved) : end)
    .includes(0x23)
  if (firstRemoved) {
    const to = (entries.at(-1) as MappingEntry).value.end
    if (!hasComment)
      return [{ start: from, end: to, text: texts.map(text => separator + text).join('') }]
    const comma = /^\s*,/.exec(bytes.toString('latin1', to, end))?.[0].length ?? 0
    return [
      { start: entryStart(bytes, firstRemoved), end: to + comma, text: texts.join(separator) },
    ]
  }
  if (texts.length === 0) return []
  if (!hasComment)
    return [{ start: from, end: from, text: texts.map(text => separator + text).join('') }]
  const front = entryStart(bytes, entries[0] as MappingEntry)
  return [{ start: front, end: front, text: texts.map(text => text + separator).join('') }]
}

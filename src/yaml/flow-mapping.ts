import type { Edit } from './edits.ts'
import type { MappingEntry, MappingNode } from './node.ts'
import { lineBreakAt, lineStart } from './position.ts'

/** Entries to write, key and value as they stand in YAML, and entries to take away. */
export interface RawChange {
  readonly insert: readonly (readonly [key: string, value: string])[]
  readonly remove: ReadonlySet<MappingEntry>
}

/** How entries of a flow mapping are parted: `, ` or `,`, or each on its own line; and what stands between key and value. */
export function flowSpacing(bytes: Buffer, { entries, start, end }: MappingNode): { separator: string; colon: string; ownLines: boolean } {
  const [first] = entries
  const last = entries.at(-1)
  const tight = first !== undefined && bytes[first.value.start - 1] === 58 && first.value.end > first.value.start
  const colon = tight ? ':' : ': '
  const before = last ? bytes.toString('utf8', lineStart(bytes, last.key.start), last.key.start) : ''
  if (/^[ \t]*$/.test(before) && bytes.subarray(start, end).includes(10)) {
    return { separator: `,${lineBreakAt(bytes, start)}${before}`, colon, ownLines: true }
  }
  return { separator: tight ? ',' : ', ', colon, ownLines: false }
}

/** The edits that take entries away from a flow mapping and put new ones after the last that stays. */
export function editFlowMapping(bytes: Buffer, mapping: MappingNode, { insert, remove }: RawChange): Edit[] {
  const { start, end, entries } = mapping
  const { separator, colon } = flowSpacing(bytes, mapping)
  const texts = insert.map(([key, value]) => key + colon + value)
  const keptIndexes = entries.flatMap((entry, index) => (remove.has(entry) ? [] : [index]))
  const lastKept = keptIndexes.at(-1)
  if (lastKept === undefined) return [{ start, end, text: `{${texts.join(', ')}}` }]

  const edits: Edit[] = []
  const kept = entries[lastKept] as MappingEntry
  const tailEnd = (entries.at(-1) as MappingEntry).value.end
  const removesTail = lastKept < entries.length - 1
  // a comment after the last entry is that entry's own: then new ones go to the front
  const commentFollows = !removesTail && bytes.subarray(kept.value.end, end).includes(35)
  const firstKept = entries[keptIndexes[0] as number] as MappingEntry
  if (texts.length > 0 && commentFollows) {
    edits.push({ start: firstKept.key.start, end: firstKept.key.start, text: texts.map(text => text + separator).join('') })
  }
  const tail = texts.length > 0 && !commentFollows ? texts.map(text => separator + text).join('') : ''
  if (removesTail || tail) edits.push({ start: kept.value.end, end: removesTail ? tailEnd : kept.value.end, text: tail })
  for (let index = 0; index < lastKept; index++) {
    const [entry, next] = [entries[index], entries[index + 1]] as [MappingEntry, MappingEntry]
    if (remove.has(entry)) edits.push({ start: entry.key.start, end: next.key.start, text: '' })
  }
  return edits
}

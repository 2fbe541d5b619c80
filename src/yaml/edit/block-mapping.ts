import { lineBreakAt, lineEnd, lineStart, nextLine } from '../position.ts'
import type { MappingEntry, MappingNode, YamlNode } from '../tree/node.ts'
import { entryStart } from './entry-start.ts'
import type { RawChange } from './flow-mapping.ts'
import type { Edit } from './splice.ts'

/**
 * The edits that remove entries from a block mapping and insert new ones, on lines of their own,
 * after the last that is kept. At least one entry must be kept or inserted. The colon of a new
 * entry is part of its key text.
 */
export function editBlockMapping(
  bytes: Buffer,
  mapping: MappingNode,
  indent: number,
  { insert, remove }: RawChange,
): Edit[] {
  const { entries } = mapping
  const lineBreak = lineBreakAt(bytes, mapping.start)
  const texts = insert.map(([key, value]) => key + value)
  const between = lineBreak + ' '.repeat(indent)
  const kept = entries.filter(entry => !remove.has(entry))
  const last = kept.at(-1)

  if (last === undefined) {
    // the new entries replace the first one
    const first = entries[0] as MappingEntry
    return [
      { start: entryStart(bytes, first), end: first.value.end, text: texts.join(between) },
      ...removeRuns(bytes, entries, new Set(entries.slice(1))),
    ]
  }
  const insertion = texts.length > 0 ? [insertLines(bytes, kept, last, texts, between)] : []
  return [...insertion, ...removeRuns(bytes, entries, remove)]
}

function insertLines(
  bytes: Buffer,
  kept: readonly MappingEntry[],
  last: MappingEntry,
  texts: readonly string[],
  between: string,
): Edit {
  const bottom = lastNode(last.value)
  const line = lineEnd(bytes, bottom.end)
  const atEnd = line === bytes.length
  // lines after a block scalar could become part of it, or give it a line end that it did not have
  if (isBlockScalar(bottom) && (atEnd || keepsBlankLines(bytes, bottom))) {
    const first = kept.find(entry => /^[ -]*$/.test(beforeKey(bytes, entry))) ?? last
    const start = entryStart(bytes, first)
    return { start, end: start, text: texts.map(text => text + between).join('') }
  }
  return { start: line, end: line, text: texts.map(text => between + text).join('') }
}

/** Removes the lines of neighbouring entries together. */
function removeRuns(
  bytes: Buffer,
  entries: readonly MappingEntry[],
  remove: ReadonlySet<MappingEntry>,
): Edit[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1]
    if (!remove.has(entry) || (before && remove.has(before))) return []
    const next = entries.findIndex((other, at) => at > index && !remove.has(other))
    const { value } = entries[next === -1 ? entries.length - 1 : next - 1] as MappingEntry
    return [removeLines(bytes, entryStart(bytes, entry), value.end, before)]
  })
}

/**
 * Removes the lines of entries. If the first does not begin its line (`- key:`), the text after the
 * entries moves there.
 */
function removeLines(
  bytes: Buffer,
  from: number,
  to: number,
  before: MappingEntry | undefined,
): Edit {
  const start = lineStart(bytes, from)
  const end = nextLine(bytes, to)
  if (!/^ *$/.test(bytes.toString('latin1', start, from)))
    return { start: from, end: textAfter(bytes, end), text: '' }
  const joins = before !== undefined && isBlockScalar(lastNode(before.value))
  return { start, end: joins ? deeperEnd(bytes, end, from - start) : end, text: '' }
}

/**
 * The end of the blank lines and deeper comments that would become part of a block scalar before
 * them.
 */
function deeperEnd(bytes: Buffer, from: number, column: number): number {
  let end = from
  for (let text = textAfter(bytes, end); end < bytes.length; text = textAfter(bytes, end)) {
    const line = Math.max(lineStart(bytes, text), end)
    if (text < bytes.length && text - line <= column) return line
    end = nextLine(bytes, text)
  }
  return end
}

/** The offset of the next byte that is neither a space nor part of a line end. */
function textAfter(bytes: Buffer, from: number): number {
  let offset = from
  while (
    offset < bytes.length &&
    (bytes[offset] === 32 || bytes[offset] === 10 || bytes[offset] === 13)
  )
    offset++
  return offset
}

function lastNode(node: YamlNode): YamlNode {
  if (node.kind === 'scalar' || node.kind === 'alias' || node.flow) return node
  const last = node.kind === 'mapping' ? node.entries.at(-1)?.value : node.items.at(-1)
  return last === undefined ? node : lastNode(last)
}

const isBlockScalar = (node: YamlNode) =>
  node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')

const keepsBlankLines = (bytes: Buffer, { start, end }: YamlNode) =>
  /^[|>][0-9]?\+/.test(bytes.toString('latin1', start, Math.min(start + 4, end)))

function beforeKey(bytes: Buffer, entry: MappingEntry): string {
  const start = entryStart(bytes, entry)
  return bytes.toString('latin1', lineStart(bytes, start), start)
}

/**
 * The column of the keys of a mapping; undefined if something other than spaces and dashes is
 * before the first (`? `, a tab).
 */
export function indentOf(bytes: Buffer, { entries }: MappingNode): number | undefined {
  const prefixes = entries.map(entry => beforeKey(bytes, entry))
  const own =
    prefixes.findLast(prefix => /^ *$/.test(prefix)) ??
    (/^[ -]*$/.test(prefixes[0] ?? '') ? prefixes[0] : undefined)
  return own?.length
}

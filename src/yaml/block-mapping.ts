import type { Edit } from './edits.ts'
import type { RawChange } from './flow-mapping.ts'
import type { MappingEntry, MappingNode, YamlNode } from './node.ts'
import { lineBreakAt, lineEnd, lineStart, nextLine } from './position.ts'

/**
 * The edits that take entries away from a block mapping and put new ones on lines of their own after the last that stays. At least one
 * entry must stay or come. The colon of a new entry is part of its key text.
 */
export function editBlockMapping(bytes: Buffer, mapping: MappingNode, indent: number, { insert, remove }: RawChange): Edit[] {
  const { entries } = mapping
  const lineBreak = lineBreakAt(bytes, mapping.start)
  const texts = insert.map(([key, value]) => key + value)
  const between = lineBreak + ' '.repeat(indent)
  const kept = entries.filter(entry => !remove.has(entry))
  const last = kept.at(-1)

  if (last === undefined) {
    // the first entry's place is the one that stays
    const [first, ...others] = entries as [MappingEntry, ...MappingEntry[]]
    return [{ start: first.key.start, end: first.value.end, text: texts.join(between) }, ...others.map(entry => removeLines(bytes, entry))]
  }
  const edits: Edit[] = []
  if (texts.length > 0) edits.push(insertLines(bytes, kept, last, texts, between))
  return [...edits, ...entries.filter(entry => remove.has(entry)).map(entry => removeLines(bytes, entry))]
}

function insertLines(bytes: Buffer, kept: readonly MappingEntry[], last: MappingEntry, texts: readonly string[], between: string): Edit {
  const bottom = lastNode(last.value)
  const line = lineEnd(bytes, bottom.end)
  const atEnd = line === bytes.length
  // lines after a block scalar could become part of it, or it could get a line end that it did not have
  if (isBlockScalar(bottom) && (atEnd || keepsBlankLines(bytes, bottom))) {
    const { key } = kept.find(entry => /^[ -]*$/.test(beforeKey(bytes, entry))) ?? last
    return { start: key.start, end: key.start, text: texts.map(text => text + between).join('') }
  }
  return { start: line, end: line, text: texts.map(text => between + text).join('') }
}

/** The entry's lines; where it does not begin its first line (`- key:`), what follows takes its place. */
function removeLines(bytes: Buffer, { key, value }: MappingEntry): Edit {
  const start = lineStart(bytes, key.start)
  const end = nextLine(bytes, value.end)
  if (/^ *$/.test(beforeKey(bytes, { key }))) return { start, end, text: '' }
  let at = end
  while (at < bytes.length && (bytes[at] === 32 || bytes[at] === 10 || bytes[at] === 13)) at++
  return { start: key.start, end: at, text: '' }
}

function lastNode(node: YamlNode): YamlNode {
  const last = node.kind === 'mapping' ? node.entries.at(-1)?.value : node.kind === 'sequence' ? node.items.at(-1) : undefined
  return last === undefined || (node.kind !== 'scalar' && node.kind !== 'alias' && node.flow) ? node : lastNode(last)
}

const isBlockScalar = (node: YamlNode) => node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')

const keepsBlankLines = (bytes: Buffer, { start, end }: YamlNode) =>
  /^[|>][0-9]?\+/.test(bytes.toString('latin1', start, Math.min(start + 4, end)))

const beforeKey = (bytes: Buffer, { key }: Pick<MappingEntry, 'key'>) => bytes.toString('latin1', lineStart(bytes, key.start), key.start)

/** The column of the mapping's keys, in spaces; undefined where the first one follows something odd (`? `, a tab, an anchor). */
export function indentOf(bytes: Buffer, { entries }: MappingNode): number | undefined {
  const prefixes = entries.map(entry => beforeKey(bytes, entry))
  const own = prefixes.findLast(prefix => /^ *$/.test(prefix)) ?? (/^[ -]*$/.test(prefixes[0] ?? '') ? prefixes[0] : undefined)
  return own?.length
}

import { lineStart } from '../position.ts'
import type { MappingNode, YamlTree } from '../tree/node.ts'
import type { Edit } from './splice.ts'

/**
 * Whether edits only insert lines after the last entry of a block mapping as people and tools write
 * it: each key is a word at the beginning of its line, in the column of the new ones, and the last
 * value is a scalar on the line of its key.
 */
export function isUsualInsertion(
  { bytes }: YamlTree,
  { entries, flow }: MappingNode,
  edits: readonly Edit[],
): boolean {
  const [edit] = edits
  const last = entries.at(-1)
  if (flow || last === undefined || edit === undefined || edits.length > 1) return false
  const { key, value } = last
  const indent = key.start - lineStart(bytes, key.start)
  const lineEnd = bytes.indexOf(0x0a, key.start)
  return (
    edit.start === edit.end &&
    edit.start > key.start &&
    (lineEnd === -1 || edit.start <= lineEnd) &&
    value.kind === 'scalar' &&
    value.end > value.start &&
    value.end <= edit.start &&
    (value.style === 'plain' || value.style === 'single' || value.style === 'double') &&
    value.anchor === undefined &&
    value.tag === undefined &&
    typeof edit.text === 'string' &&
    linesAt(edit.text, indent) &&
    entries.every(({ key }) => isWordAt(bytes, key.start, key.end, indent))
  )
}

/** Whether the text is lines with so many spaces before an entry. */
function linesAt(text: string, indent: number): boolean {
  const [empty, ...lines] = text.split(/\r?\n/)
  return (
    empty === '' &&
    lines.every(line => line.search(/[^ ]/) === indent && /^ *["'\w][^\n]*: \S/.test(line))
  )
}

/** Whether a key of letters, digits and `-_./` begins its line after so many spaces. */
function isWordAt(bytes: Buffer, start: number, end: number, indent: number): boolean {
  for (let at = start - indent; at < start; at++) if (bytes[at] !== 0x20) return false
  if (start > indent && bytes[start - indent - 1] !== 0x0a) return false
  return start < end && /^[\w./-]+$/.test(bytes.toString('latin1', start, end))
}

import { lineStart } from '../position.ts'
import type { MappingEntry } from '../tree/node.ts'

/**
 * Where the text of an entry begins: at the anchor and the tag of its key, or at the colon if there
 * is no key (`: value`).
 */
export function entryStart(bytes: Buffer, { key }: Pick<MappingEntry, 'key'>): number {
  let { start } = key
  if (key.start === key.end) while (bytes[start] === 0x20) start++
  if (key.kind === 'alias' || (key.anchor === undefined && key.tag === undefined)) return start
  const from = Math.max(lineStart(bytes, start), start - maxLength)
  return propertiesStart(bytes.toString('latin1', from, start)) + from
}

/** Where the anchor and the tag begin that end a text, each with the spaces after it. */
function propertiesStart(text: string): number {
  let start = text.length
  for (;;) {
    const end = text.slice(0, start).trimEnd().length
    const word =
      Math.max(...[' ', ',', '[', ']', '{', '}'].map(sign => text.lastIndexOf(sign, end - 1))) + 1
    if (end === 0 || end === start || !/^[&!]/.test(text.slice(word, end))) return start
    start = word
  }
}

/** As long as anchor and tag of a key may be together. */
const maxLength = 4096

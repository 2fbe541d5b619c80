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
  const line = lineStart(bytes, start)
  for (;;) {
    let word = start
    while (word > line && bytes[word - 1] === 0x20) word--
    if (word === start) return start
    while (word > line && !isSeparator(bytes[word - 1])) word--
    if (bytes[word] !== 0x26 && bytes[word] !== 0x21) return start // neither & nor !
    start = word
  }
}

const separators = new Set(Buffer.from(' \t\n,[]{}'))

const isSeparator = (byte: number | undefined) => byte === undefined || separators.has(byte)

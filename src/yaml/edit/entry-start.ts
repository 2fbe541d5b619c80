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
  const before = /(?:[&!][^\s,[\]{}]* +)*$/.exec(bytes.toString('latin1', from, start))?.[0] ?? ''
  return start - before.length
}

/** As long as anchor and tag of a key may be together. */
const maxLength = 4096

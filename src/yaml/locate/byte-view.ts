import { type Assembly, assembly, loadBehind, words } from '../parse/wasm.ts'
import { assemblyAround, tapeRoom, textRoom } from './input-buffer.ts'

/** How a scan sees bytes: where they stand, or copied to the scratch memory piece by piece. */
export interface Sight {
  readonly assembly: Assembly
  /** Where `bytes[start, end)` stands now. */
  place(start: number, end: number): number
  /** The memory as numbers. */
  words(): Uint32Array
}

/** Bytes that are seen at once: with their tape they fit the processor's cache. */
export const chunk = 0x20000

/** Sees the bytes, for a search of these texts (a zero byte behind each). */
export function sightOf(bytes: Buffer, texts: Buffer): Sight {
  const room = 1072 + 16 * texts.length // as assembly/texts.ts says
  const own = assemblyAround(bytes)
  if (own !== undefined && room + texts.length <= textRoom) {
    const from = bytes.byteOffset - textRoom + room
    Buffer.from(bytes.buffer, from).set(texts)
    own.plant(from, texts.length)
    const numbers = new Uint32Array(bytes.buffer)
    return { assembly: own, place: start => bytes.byteOffset + start, words: () => numbers }
  }
  assembly.reserve(2 * room + chunk + tapeRoom)
  const kept = assembly.plant(loadBehind(room, texts, 0, texts.length), texts.length)
  return { assembly, place: (start, end) => loadBehind(kept, bytes, start, end), words }
}

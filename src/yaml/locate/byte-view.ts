import { type Assembly, assembly, loadAfter, words } from '../parse/wasm.ts'
import { assemblyAround, patternRoom, tapeRoom } from './input-buffer.ts'

/** How a scan reads bytes: in place, or copied piece by piece to the scratch memory. */
export interface ByteView {
  readonly assembly: Assembly
  /** Makes `bytes[start, end)` readable. Returns their address. */
  addressOf(start: number, end: number): number
  /** The memory as numbers. */
  words(): Uint32Array
}

/** How many bytes are read at once: with their tape they fit into the cache of the processor. */
export const chunk = 0x20000

/**
 * A view of the bytes, in which these patterns can be searched for (each ends with a zero byte).
 */
export function viewOf(bytes: Buffer, patterns: Buffer): ByteView {
  const room = 1072 + 16 * patterns.length // required by assembly/patterns.ts
  const own = assemblyAround(bytes)
  if (own !== undefined && room + patterns.length <= patternRoom) {
    const from = bytes.byteOffset - patternRoom + room
    Buffer.from(bytes.buffer, from).set(patterns)
    own.setPatterns(from, patterns.length)
    const numbers = new Uint32Array(bytes.buffer)
    return {
      assembly: own,
      addressOf: start => bytes.byteOffset + start,
      words: () => numbers,
    }
  }
  assembly.reserve(2 * room + chunk + tapeRoom)
  const used = assembly.setPatterns(loadAfter(room, patterns, 0, patterns.length), patterns.length)
  return { assembly, addressOf: (start, end) => loadAfter(used, bytes, start, end), words }
}

import { type Assembly, assembly, loadBehind, newAssembly, words } from './wasm.ts'

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

/** Room for what is found in them. */
const tapeRoom = 0x100000

/** Room before an input for the texts of a search. */
const textRoom = 0x100000

/** Inputs in a memory of their own. */
const inputs = new WeakMap<ArrayBufferLike, { readonly own: Assembly; readonly input: Buffer }>()

/**
 * Room for an input, all of which is to be filled. A large one gets a memory of WebAssembly, so that scans see it where it stands: to copy
 * bytes takes as long as to look at them.
 */
export function inputRoom(size: number): Buffer {
  if (size < 0x40000 || size > 0xf0000000) return Buffer.allocUnsafe(size)
  try {
    const own = newAssembly()
    own.reserve(textRoom + size + tapeRoom)
    const input = Buffer.from(own.memory.buffer, own.reserve(textRoom + size) + textRoom, size)
    inputs.set(input.buffer, { own, input })
    return input
  } catch {
    return Buffer.allocUnsafe(size) // there are no addresses for so large a memory
  }
}

/** Sees the bytes, for a search of these texts (a zero byte behind each). */
export function sightOf(bytes: Buffer, texts: Buffer): Sight {
  const room = 1072 + 16 * texts.length // as assembly/texts.ts says
  const { own, input } = inputs.get(bytes.buffer) ?? {}
  if (own && input?.byteOffset === bytes.byteOffset && input.length === bytes.length && room + texts.length <= textRoom) {
    const from = input.byteOffset - textRoom + room
    Buffer.from(input.buffer, from).set(texts)
    own.plant(from, texts.length)
    const numbers = new Uint32Array(input.buffer)
    return { assembly: own, place: start => input.byteOffset + start, words: () => numbers }
  }
  assembly.reserve(2 * room + chunk + tapeRoom)
  const kept = assembly.plant(loadBehind(room, texts, 0, texts.length), texts.length)
  return { assembly, place: (start, end) => loadBehind(kept, bytes, start, end), words }
}

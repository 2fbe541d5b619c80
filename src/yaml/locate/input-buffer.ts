import { type Assembly, newAssembly } from '../parse/wasm.ts'

/** An input that is read piece by piece. */
export interface Input {
  /** Room for so many bytes behind those that were read. */
  room(size: number): Buffer
  /** So many were read into it. */
  add(count: number): void
  /** All that was read, when nothing follows. */
  whole(): Buffer
}

/**
 * A new input. Where it is large it stands in a memory of WebAssembly: scans see it there (to copy bytes takes as long as to look at them),
 * and such a memory grows where it is.
 */
export function newInput(): Input {
  let assembly: Assembly | undefined
  let memory = Buffer.alloc(0)
  /** Where the input stands in the memory, how much may stand there, and how much does. */
  let start = 0
  let most = 0
  let length = 0
  const grow = (size: number): void => {
    const read = memory.subarray(start, start + length)
    if (!hold(size)) {
      assembly = undefined
      memory = Buffer.allocUnsafe(size)
      start = 0
    }
    most = size
    read.copy(memory, start) // nothing where the memory has grown, which takes it from this view
  }
  const hold = (size: number): boolean => {
    if (size < large || size > tooLarge) return false
    try {
      assembly ??= newAssembly()
      start = assembly.reserve(textRoom + size + tapeRoom) + textRoom
      memory = Buffer.from(assembly.memory.buffer)
      return true
    } catch {
      return false // there are not so many addresses
    }
  }
  return {
    room(size) {
      if (length + size > most) grow(Math.max(length + size, Math.min(2 * length, tooLarge)))
      return memory.subarray(start + length, start + length + size)
    },
    add(count) {
      length += count
    },
    whole() {
      const bytes = memory.subarray(start, start + length)
      if (assembly !== undefined) {
        assembly.reserve(textRoom + length)
        inputs.set(bytes.buffer, { assembly, bytes })
      }
      return bytes
    },
  }
}

/** Smaller inputs are copied sooner than a memory is made, and some have no room in one. */
const large = 0x40000
const tooLarge = 0xf0000000

/** Room before an input for the texts of a search, and behind it for what is found in one piece of it. */
export const textRoom = 0x100000
export const tapeRoom = 0x100000

const inputs = new WeakMap<
  ArrayBufferLike,
  { readonly assembly: Assembly; readonly bytes: Buffer }
>()

/** The functions in whose memory these bytes stand, where they are the whole of such an input. */
export function assemblyAround(bytes: Buffer): Assembly | undefined {
  const input = inputs.get(bytes.buffer)
  if (
    input === undefined ||
    input.bytes.byteOffset !== bytes.byteOffset ||
    input.bytes.length !== bytes.length
  )
    return undefined
  return input.assembly
}

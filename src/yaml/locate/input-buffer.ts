import { type Assembly, newAssembly } from '../parse/wasm.ts'

/** An input that is read in pieces. */
export interface Input {
  /** Room for this many bytes after those that were read. */
  room(size: number): Buffer
  /** This many bytes were read into the room. */
  add(count: number): void
  /** Everything that was read. Call it once, after the last piece. */
  whole(): Buffer
}

/**
 * A new input. A large one is kept in a WebAssembly memory: scans read it there, because copying
 * bytes takes as long as scanning them, and such a memory can grow without being moved.
 */
export function newInput(): Input {
  let assembly: Assembly | undefined
  let memory = Buffer.alloc(0)
  /** Where the input begins in the memory, how long it may get there, and how long it is. */
  let start = 0
  let capacity = 0
  let length = 0
  const grow = (size: number): void => {
    const read = memory.subarray(start, start + length)
    if (!reserve(size)) {
      assembly = undefined
      memory = Buffer.allocUnsafe(size)
      start = 0
    }
    capacity = size
    // copies nothing if the memory has grown, because that detaches this view
    read.copy(memory, start)
  }
  const reserve = (size: number): boolean => {
    if (size < large || size > tooLarge) return false
    try {
      assembly ??= newAssembly()
      start = assembly.reserve(patternRoom + size + tapeRoom) + patternRoom
      memory = Buffer.from(assembly.memory.buffer)
      return true
    } catch {
      return false // not enough address space
    }
  }
  return {
    room(size) {
      if (length + size > capacity) grow(Math.max(length + size, Math.min(2 * length, tooLarge)))
      return memory.subarray(start + length, start + length + size)
    },
    add(count) {
      length += count
    },
    whole() {
      const bytes = memory.subarray(start, start + length)
      if (assembly !== undefined) {
        assembly.reserve(patternRoom + length)
        inputs.set(bytes.buffer, { assembly, bytes })
      }
      return bytes
    },
  }
}

/**
 * Copying a smaller input is faster than making a memory, and a larger one does not fit into a
 * memory.
 */
const large = 0x40000
const tooLarge = 0xf0000000

/**
 * Room before an input for the patterns of a search, and after it for what is found in one chunk of
 * it.
 */
export const patternRoom = 0x100000
export const tapeRoom = 0x100000

const inputs = new WeakMap<
  ArrayBufferLike,
  { readonly assembly: Assembly; readonly bytes: Buffer }
>()

/** The functions whose memory contains these bytes, if they are a whole input in such a memory. */
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

import { scanModule } from './scan-module.ts'

/** Bytes that are looked at in one go. */
const chunk = 0x10000

// a scratch memory: nothing in it outlives a call
const { memory, unindented, special } = scanModule()
const input = new Uint8Array(memory.buffer, 0, chunk + 32)
const found = new Int32Array(memory.buffer, 2 * chunk, chunk)

/** The offsets of the lines in `[start, end)` that are not blank and begin with another byte than a space; of the first line always. */
export function* unindentedLines(bytes: Buffer, start: number, end: number): Generator<number> {
  yield start
  for (let at = start; at < end; at += chunk) {
    const count = unindented(load(bytes, at, Math.min(at + chunk, end)))
    const lines = found.slice(0, count)
    for (let index = 0; index < count; index++) {
      const line = at + (lines[index] as number) + 1
      // what follows the chunk's end in the scratch memory says nothing: look at the bytes themselves
      const first = bytes[line]
      if (line < end && first !== 0x20 && first !== 0x0a && !(first === 0x0d && bytes[line + 1] === 0x0a)) yield line
    }
  }
}

/** Whether `[start, end)` holds a byte that is not ASCII, or a control character other than `\t` and `\n`. */
export function hasSpecial(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += chunk) if (special(load(bytes, at, Math.min(at + chunk, end))) !== 0) return true
  return false
}

/** Copies a chunk to the scratch memory and lets `x` follow it, which means nothing to either scan. Returns its length. */
function load(bytes: Buffer, start: number, end: number): number {
  input.set(bytes.subarray(start, end))
  input.fill(0x78, end - start, end - start + 32)
  return end - start
}

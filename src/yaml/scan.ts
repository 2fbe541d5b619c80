import { assembly, load, tapeStart, words } from './wasm.ts'

/** Bytes that are looked at in one go. */
const chunk = 0x10000

/** The offsets of the lines in `[start, end)` that are not blank and begin with another byte than a space; of the first line always. */
export function* unindentedLines(bytes: Buffer, start: number, end: number): Generator<number> {
  yield start
  for (let at = start; at < end; at += chunk) {
    load(bytes, at, Math.min(at + chunk, end))
    const count = assembly.unindented()
    const lines = words().slice(tapeStart(), tapeStart() + count)
    for (let index = 0; index < count; index++) {
      const line = at + (lines[index] as number) + 1
      // what follows the chunk's end in the scratch memory says nothing: look at the bytes themselves
      const first = bytes[line]
      if (line < end && first !== 0x20 && first !== 0x0a && !(first === 0x0d && bytes[line + 1] === 0x0a)) yield line
    }
  }
}

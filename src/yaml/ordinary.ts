import type { Part } from './part.ts'
import { byteOrderMark } from './stream.ts'
import { assembly } from './wasm.ts'

/** As `oddities` in assembly/scan.ts says them. */
const notAscii = 1
const control = 4

/** Whether the part that was loaded is UTF-8 text without control characters or a byte order mark inside, whose lines end in `\n` or `\r\n`. */
export function isOrdinary(bytes: Buffer, { start, end }: Part): boolean {
  const odd = assembly.oddities()
  if ((odd & control) !== 0) return false
  return (odd & notAscii) === 0 || isUtf8(bytes.subarray(start + byteOrderMark(bytes, start), end))
}

function isUtf8(bytes: Buffer): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).includes('\uFEFF')
  } catch {
    return false
  }
}

import type { Part } from './part.ts'
import { hasSpecial } from './scan.ts'
import { byteOrderMark } from './stream.ts'

/** Which bytes are plain ASCII text (0), carriage returns (1), not ASCII (2), or control characters (4). */
const classes = Uint8Array.from({ length: 256 }, (_, value) => {
  if (value >= 0x80) return 2
  if (value === 0x0d) return 1
  return (value < 0x20 && value !== 0x09 && value !== 0x0a) || value === 0x7f ? 4 : 0
})

/** Whether a part is UTF-8 text without control characters or a byte order mark inside, whose lines end in `\n` or `\r\n`. */
export function isOrdinary(bytes: Buffer, { start, end }: Part): boolean {
  if (!hasSpecial(bytes, start, end)) return true
  let found = 0
  for (let at = start; at < end; at++) found |= classes[bytes[at] as number] as number
  if ((found & 4) !== 0 || ((found & 1) !== 0 && hasLoneReturn(bytes, start, end))) return false
  return (found & 2) === 0 || isUtf8(bytes.subarray(start + byteOrderMark(bytes, start), end))
}

function hasLoneReturn(bytes: Buffer, start: number, end: number): boolean {
  for (let at = bytes.indexOf(0x0d, start); at !== -1 && at < end; at = bytes.indexOf(0x0d, at + 1)) if (bytes[at + 1] !== 0x0a) return true
  return false
}

function isUtf8(bytes: Buffer): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).includes('\uFEFF')
  } catch {
    return false
  }
}

import { brokenInput } from './broken-input.ts'
import type { ValueSpan } from './value-span.ts'

/** The longest string of V8. */
const maxLength = 2 ** 29 - 24

/** The text of a span. Throws BAD_INPUT if it is not UTF-8 or too long. */
export function decodeSpan(
  bytes: Buffer,
  { start, end }: ValueSpan,
  file: string | undefined,
): string {
  if (end - start > maxLength) {
    const found = `${Math.round((end - start) / 1e6)} MB`
    throw brokenInput(
      bytes,
      start,
      `must be shorter than 536 MB to be read as one piece, got ${found}; divide it into documents`,
      file,
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(start, end),
    )
  } catch {
    const offset = start + firstInvalid(bytes.subarray(start, end))
    const found = bytes.toString('hex', offset, offset + 1)
    throw brokenInput(
      bytes,
      offset,
      `must be UTF-8, found the byte 0x${found}; save the file as UTF-8`,
      file,
    )
  }
}

/** The offset of the first sequence that is not UTF-8. */
function firstInvalid(bytes: Buffer): number {
  let [valid, invalid] = [0, bytes.length + 1] // prefixes of these lengths
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    if (isUtf8(bytes.subarray(0, middle), middle < bytes.length)) valid = middle
    else invalid = middle
  }
  let at = Math.min(valid, bytes.length - 1)
  while (at > 0 && valid - at < 3 && !isUtf8(bytes.subarray(0, at), false)) at--
  return at
}

function isUtf8(bytes: Buffer, mayBeCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: mayBeCut })
    return true
  } catch {
    return false
  }
}

/** From offsets in `text` (UTF-16) to offsets in its UTF-8 bytes. */
export function byteOffsets(text: string, byteLength: number): (offset: number) => number {
  if (text.length === byteLength) return offset => offset
  const offsets = new Uint32Array(text.length + 1)
  let bytes = 0
  for (let index = 0; index < text.length; index++) {
    offsets[index] = bytes
    bytes += bytesOf(text.charCodeAt(index))
  }
  offsets[text.length] = bytes
  return offset => offsets[offset] as number
}

/** How many bytes of UTF-8 a code unit of UTF-16 takes. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1
  if (unit < 0x800) return 2
  // a surrogate pair has four bytes: two for each half
  return unit >= 0xd800 && unit < 0xe000 ? 2 : 3
}

// The bytes that are read are in the memory from `input` on. Line ends follow them, so that a scan
// need not check at every byte whether it is at the end.

/** A table of the anchors by the hash of their name (properties.ts). */
export const anchorTable: u32 = 0x2000
export const anchorTableEnd: u32 = 0x4000

/** Where the names begin that keys are compared with, after the tables of this module. */
export const names: u32 = anchorTableEnd

/** Where the bytes begin. */
export const input: u32 = 0x10000

/** Line ends after the bytes: as many as any scan reads ahead. */
const padding: u32 = 64

/** The end of the bytes. */
export let limit: u32 = 0

/** Where the tape begins, on which everything found in the bytes is written as numbers. */
export let tape: u32 = 0

/** Makes room for this many bytes. Returns their address. Traps if there is no more memory. */
export function reserve(length: u32): u32 {
  limit = input + length
  tape = (limit + padding + 15) & ~15
  const pages = <i32>((tape + 0xffff) >> 16) - memory.size()
  if (pages > 0 && memory.grow(pages) === -1) unreachable()
  memory.fill(limit, byte.newline, padding)
  return input
}

/** The address of the tape, once room for the bytes was made. */
export function tapeStart(): u32 {
  return tape
}

/** Bytes that have a meaning in YAML. */
export namespace byte {
  export const tab: u8 = 0x09
  export const newline: u8 = 0x0a
  export const carriageReturn: u8 = 0x0d
  export const space: u8 = 0x20
  export const exclamation: u8 = 0x21
  export const quote: u8 = 0x22
  export const hash: u8 = 0x23
  export const ampersand: u8 = 0x26
  export const apostrophe: u8 = 0x27
  export const asterisk: u8 = 0x2a
  export const plus: u8 = 0x2b
  export const comma: u8 = 0x2c
  export const dash: u8 = 0x2d
  export const dot: u8 = 0x2e
  export const colon: u8 = 0x3a
  export const greater: u8 = 0x3e
  export const question: u8 = 0x3f
  export const openBracket: u8 = 0x5b
  export const backslash: u8 = 0x5c
  export const closeBracket: u8 = 0x5d
  export const openBrace: u8 = 0x7b
  export const bar: u8 = 0x7c
  export const closeBrace: u8 = 0x7d
}

export function at(address: u32): u8 {
  return load<u8>(address)
}

export function isSpace(value: u8): bool {
  return value === byte.space || value === byte.tab
}

/** Space, tab or line end: a colon or a dash before one of them is an indicator. */
export function isBlank(value: u8): bool {
  return (
    value === byte.space ||
    value === byte.newline ||
    value === byte.tab ||
    value === byte.carriageReturn
  )
}

/** Whether a line ends here, or its comment begins. */
export function endsLine(address: u32): bool {
  const value = at(address)
  return value === byte.newline || value === byte.carriageReturn || value === byte.hash
}

/** The first byte that is not a space. */
export function skipSpaces(from: u32): u32 {
  let address = from
  while (at(address) === byte.space) address++
  return address
}

/** The first byte that is neither space nor tab. */
export function skipBlanks(from: u32): u32 {
  let address = from
  while (isSpace(at(address))) address++
  return address
}

/** The end of the line that contains `from`: its line feed, or the end of the bytes. */
export function lineEnd(from: u32): u32 {
  let address = from
  while (true) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(address), i8x16.splat(byte.newline)))
    if (hits !== 0) return min(address + ctz(hits), limit)
    address += 16
  }
}

/** Whether a line ends before `end`. Reads no further: the line may be very long. */
export function hasLineEnd(from: u32, end: u32): bool {
  for (let address = from; address < end; address++) if (at(address) === byte.newline) return true
  return false
}

/** The beginning of the next line, or the end of the bytes. */
export function lineAfter(from: u32): u32 {
  return min(lineEnd(from) + 1, limit)
}

/** The end of the text before `end`, without the spaces and tabs after it. */
export function trimEnd(end: u32): u32 {
  let address = end
  while (isSpace(at(address - 1))) address--
  return address
}

/** The first byte of a `---` or `...` that is a word at this address, else 0. */
export function marker(address: u32): u8 {
  const first = at(address)
  if (first !== byte.dash && first !== byte.dot) return 0
  return at(address + 1) === first && at(address + 2) === first && isBlank(at(address + 3))
    ? first
    : 0
}

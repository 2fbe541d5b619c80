// The item that is read stands in the memory from `input` on; what follows it are line ends, so that no scan has to ask at every byte
// whether the bytes are at their end.

/** Where names begin that keys are compared with: the tables of this module stand before. */
export const names: u32 = 0x2000

/** Where the bytes begin. */
export const input: u32 = 0x10000

/** Line ends behind the bytes: as many as any scan looks ahead. */
const padding: u32 = 64

/** The end of the bytes. */
export let limit: u32 = 0

/** Where the tape begins: what was found in the bytes, as numbers. */
export let tape: u32 = 0

/** Makes room for so many bytes. Returns where to put them. Traps where there is no more memory. */
export function reserve(length: u32): u32 {
  limit = input + length
  tape = (limit + padding + 15) & ~15
  const pages = <i32>((tape + 0xffff) >> 16) - memory.size()
  if (pages > 0 && memory.grow(pages) === -1) unreachable()
  memory.fill(limit, byte.newline, padding)
  return input
}

/** The first place on the tape, once the bytes have theirs. */
export function found(): u32 {
  return tape
}

/** Bytes that YAML gives a meaning. */
export namespace byte {
  export const tab: u8 = 0x09
  export const newline: u8 = 0x0a
  export const carriageReturn: u8 = 0x0d
  export const space: u8 = 0x20
  export const quote: u8 = 0x22
  export const hash: u8 = 0x23
  export const apostrophe: u8 = 0x27
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

export function at(place: u32): u8 {
  return load<u8>(place)
}

export function isSpace(value: u8): bool {
  return value === byte.space || value === byte.tab
}

/** Space, tab, line end: a colon, a dash or a bracket before them means something. */
export function isBlank(value: u8): bool {
  return (
    value === byte.space ||
    value === byte.newline ||
    value === byte.tab ||
    value === byte.carriageReturn
  )
}

/** Whether a line ends here, or its comment begins. */
export function endsLine(place: u32): bool {
  const found = at(place)
  return found === byte.newline || found === byte.carriageReturn || found === byte.hash
}

/** The first byte that is no space. */
export function skipSpaces(from: u32): u32 {
  let place = from
  while (at(place) === byte.space) place++
  return place
}

/** The first byte that is neither space nor tab. */
export function skipBlanks(from: u32): u32 {
  let place = from
  while (isSpace(at(place))) place++
  return place
}

/** The end of the line that holds `from`: its line feed, or the end of the bytes. */
export function lineEnd(from: u32): u32 {
  let place = from
  while (true) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(place), i8x16.splat(byte.newline)))
    if (hits !== 0) return min(place + ctz(hits), limit)
    place += 16
  }
}

/** The beginning of the next line, or the end of the bytes. */
export function lineAfter(from: u32): u32 {
  return min(lineEnd(from) + 1, limit)
}

/** Where the text before `end` ends, without the spaces that follow it. */
export function trimEnd(end: u32): u32 {
  let place = end
  while (isSpace(at(place - 1))) place--
  return place
}

/** The first byte of `---` or `...` where one stands here as a word; else 0. */
export function marker(place: u32): u8 {
  const first = at(place)
  if (first !== byte.dash && first !== byte.dot) return 0
  return at(place + 1) === first && at(place + 2) === first && isBlank(at(place + 3)) ? first : 0
}

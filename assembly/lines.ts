import { at, byte, limit, marker, skipSpaces } from './input'
import { clearNumbers, numberCount, putNumber } from './numbers'

/** What a line begins with: the last two bits of its number on the tape. */
namespace begins {
  export const other: u32 = 0
  /** A `-` after as many spaces as are allowed, before a space or the line end. */
  export const dash: u32 = 1
  /** `---` or `...` as a word. */
  export const marker: u32 = 2
}

// in the memory, so that they are loaded into registers once: a constant is made again in every
// round
const newline = memory.data<u8>([byte.newline])
const space = memory.data<u8>([byte.space])

/**
 * Writes to the tape the lines that are not blank, begin with at most `indent` spaces and follow a
 * line feed among the `count` bytes from `from` on: the distance of the line from `from`, and what
 * it begins with. Returns how many there are. The tape must have room for a number for every two
 * bytes.
 */
export function lines(from: u32, count: u32, indent: u32): u32 {
  clearNumbers()
  if (indent === 0) findUnindented(from, from + count)
  else findShallow(from, from + count, indent)
  return numberCount()
}

function findUnindented(from: u32, end: u32): void {
  const feeds = v128.load8_splat(newline)
  const spaces = v128.load8_splat(space)
  for (let address = from; address < end; address += 64) {
    const first = unindentedAt(address, feeds, spaces)
    const second = unindentedAt(address + 16, feeds, spaces)
    const third = unindentedAt(address + 32, feeds, spaces)
    const fourth = unindentedAt(address + 48, feeds, spaces)
    if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) continue
    putLines(first, address, from, end, 0)
    putLines(second, address + 16, from, end, 0)
    putLines(third, address + 32, from, end, 0)
    putLines(fourth, address + 48, from, end, 0)
  }
}

function unindentedAt(address: u32, feeds: v128, spaces: v128): v128 {
  return v128.andnot(i8x16.eq(v128.load(address), feeds), i8x16.eq(v128.load(address, 1), spaces))
}

function findShallow(from: u32, end: u32, indent: u32): void {
  const feeds = v128.load8_splat(newline)
  const spaces = v128.load8_splat(space)
  for (let address = from; address < end; address += 16) {
    let deep = i8x16.eq(v128.load(address, 1), spaces)
    for (let column: u32 = 1; column <= indent; column++)
      deep = v128.and(deep, i8x16.eq(v128.load(address + column, 1), spaces))
    const shallow = v128.andnot(i8x16.eq(v128.load(address), feeds), deep)
    if (v128.any_true(shallow)) putLines(shallow, address, from, end, indent)
  }
}

/** Writes the lines after these line feeds to the tape. */
function putLines(feeds: v128, address: u32, from: u32, end: u32, indent: u32): void {
  for (let hits = i8x16.bitmask(feeds); hits !== 0; hits &= hits - 1) {
    const line = address + ctz(hits) + 1
    if (line > end) return
    const text = skipSpaces(line)
    if (!endsLine(text)) putNumber(((line - from) << 2) | beginningOf(text, text - line, indent))
  }
}

function endsLine(address: u32): bool {
  return (
    at(address) === byte.newline ||
    (at(address) === byte.carriageReturn && at(address + 1) === byte.newline)
  )
}

function beginningOf(text: u32, column: u32, indent: u32): u32 {
  if (column === 0 && marker(text) !== 0) return begins.marker
  if (column !== indent || at(text) !== byte.dash || text + 1 >= limit) return begins.other
  return at(text + 1) === byte.space || endsLine(text + 1) ? begins.dash : begins.other
}

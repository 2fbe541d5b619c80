import { at, byte, limit, marker, skipSpaces } from './input'
import { length, put, rewind } from './places'

/** What a line begins with: the last two bits of its number on the tape. */
namespace begins {
  export const other: u32 = 0
  /** A `-` behind as many spaces as there may be, before a space or the line end. */
  export const dash: u32 = 1
  /** `---` or `...` as a word. */
  export const marker: u32 = 2
}

// in memory, so that they stay in registers: a constant is made anew in every round
const newline = memory.data<u8>([byte.newline])
const space = memory.data<u8>([byte.space])

/**
 * Puts on the tape the lines that are not blank and begin with no more than `indent` spaces, where one of the `count` bytes from `from` on
 * is the line feed before them: how far behind `from` the line begins, and with what. Returns how many there are. The
 * tape must have room for a number for every two bytes.
 */
export function lines(from: u32, count: u32, indent: u32): u32 {
  rewind()
  if (indent === 0) findUnindented(from, from + count)
  else findShallow(from, from + count, indent)
  return length()
}

function findUnindented(from: u32, end: u32): void {
  const feeds = v128.load8_splat(newline)
  const spaces = v128.load8_splat(space)
  for (let place = from; place < end; place += 64) {
    const first = unindentedAt(place, feeds, spaces)
    const second = unindentedAt(place + 16, feeds, spaces)
    const third = unindentedAt(place + 32, feeds, spaces)
    const fourth = unindentedAt(place + 48, feeds, spaces)
    if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) continue
    putLines(first, place, from, end, 0)
    putLines(second, place + 16, from, end, 0)
    putLines(third, place + 32, from, end, 0)
    putLines(fourth, place + 48, from, end, 0)
  }
}

function unindentedAt(place: u32, feeds: v128, spaces: v128): v128 {
  return v128.andnot(i8x16.eq(v128.load(place), feeds), i8x16.eq(v128.load(place, 1), spaces))
}

function findShallow(from: u32, end: u32, indent: u32): void {
  const feeds = v128.load8_splat(newline)
  const spaces = v128.load8_splat(space)
  for (let place = from; place < end; place += 16) {
    let deep = i8x16.eq(v128.load(place, 1), spaces)
    for (let column: u32 = 1; column <= indent; column++)
      deep = v128.and(deep, i8x16.eq(v128.load(place + column, 1), spaces))
    const shallow = v128.andnot(i8x16.eq(v128.load(place), feeds), deep)
    if (v128.any_true(shallow)) putLines(shallow, place, from, end, indent)
  }
}

/** Puts the lines behind these line feeds on the tape. */
function putLines(feeds: v128, place: u32, from: u32, end: u32, indent: u32): void {
  for (let hits = i8x16.bitmask(feeds); hits !== 0; hits &= hits - 1) {
    const line = place + ctz(hits) + 1
    if (line > end) return
    const text = skipSpaces(line)
    if (!endsLine(text)) put(((line - from) << 2) | beginningOf(text, text - line, indent))
  }
}

function endsLine(place: u32): bool {
  return (
    at(place) === byte.newline ||
    (at(place) === byte.carriageReturn && at(place + 1) === byte.newline)
  )
}

function beginningOf(text: u32, column: u32, indent: u32): u32 {
  if (column === 0 && marker(text) !== 0) return begins.marker
  if (column !== indent || at(text) !== byte.dash || text + 1 >= limit) return begins.other
  return at(text + 1) === byte.space || endsLine(text + 1) ? begins.dash : begins.other
}

import { tape } from './input'

let next: u32 = 0

/** Begins a new tape, for numbers that are no nodes. */
export function rewind(): void {
  next = tape
}

export function put(word: u32): void {
  if (next + 4 > (<u32>memory.size()) << 16) memory.grow(1)
  store<u32>(next, word)
  next += 4
}

/** How many numbers are on the tape. */
export function length(): u32 {
  return (next - tape) >> 2
}

import { tape } from './input'

// Scans make no room for their tape: the input may stand in the same memory, and would move.

/** Where the next number will. */
let next: u32 = 0
/** The end of the memory. */
let end: u32 = 0

/** Begins a new tape, for numbers that are no nodes. */
export function rewind(): void {
  next = tape
  end = (<u32>memory.size()) << 16
}

export function put(number: u32): void {
  store<u32>(next, number)
  next += 4
}

/** Whether there is room for so many numbers more. */
export function hasRoom(numbers: u32): bool {
  return next + (numbers << 2) <= end
}

/** How many numbers are on the tape. */
export function length(): u32 {
  return (next - tape) >> 2
}

// Scans write plain numbers to the tape, not nodes. They do not grow the memory: the input may be
// in the same memory and would move.

import { tape } from './input'

/** The address of the next number. */
let next: u32 = 0
/** The end of the memory. */
let end: u32 = 0

/** Begins a new tape of numbers. */
export function clearNumbers(): void {
  next = tape
  end = (<u32>memory.size()) << 16
}

export function putNumber(number: u32): void {
  store<u32>(next, number)
  next += 4
}

/** Whether there is room for this many numbers more. */
export function hasRoom(numbers: u32): bool {
  return next + (numbers << 2) <= end
}

/** How many numbers are on the tape. */
export function numberCount(): u32 {
  return (next - tape) >> 2
}

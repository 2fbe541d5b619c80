import { byteOrderMark } from '../position.ts'
import type { MappingEntry, YamlNode } from '../tree/node.ts'
import { markFirstListKeys } from './mark-list-keys.ts'
import type { ValueSpan } from './value-span.ts'
import { assembly, isLoaded, load, words } from './wasm.ts'

/**
 * What the fast reader found in a span, as numbers (assembly/tape.ts defines them). They are in the
 * scratch memory until other bytes are loaded, and are written again when they are needed.
 */
export interface Tape {
  readonly bytes: Buffer
  readonly span: ValueSpan
  /** The number of the load that wrote it last. */
  loaded: number
  /**
   * The nodes made so far, by their numbers, and the entries by those of their keys, if there are
   * aliases: then each is made only once, because it matters whether two paths lead to the same
   * one.
   */
  made?: {
    readonly nodes: (YamlNode | undefined)[]
    readonly entries: (MappingEntry | undefined)[]
  }
}

/** Reads the span. Returns how many nodes it has, or -1 if the fast reader cannot decide. */
export function writeTape(tape: Tape): number {
  const { start, end, blank } = tape.span
  markFirstListKeys()
  tape.loaded = load(tape.bytes, start, end)
  return assembly.walk(blank, byteOrderMark(tape.bytes, start), start)
}

/**
 * Makes sure that the scratch memory contains this tape. Returns the memory, in which the tape
 * begins at `tapeStart()`.
 */
export function numbersOf(tape: Tape): Uint32Array {
  if (!isLoaded(tape.loaded)) writeTape(tape)
  return words()
}

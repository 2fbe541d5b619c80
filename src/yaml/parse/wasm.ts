import { wasmModule } from './wasm-module.ts'

/** What is used of WebAssembly: TypeScript has its types only for browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
  RuntimeError: typeof Error
}

/**
 * The functions of assembly/. They read the bytes that were loaded last, and write numbers to a
 * tape.
 */
export interface Assembly {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly reserve: (length: number) => number
  readonly tapeStart: () => number
  readonly tapeEnd: () => number
  readonly numberCount: () => number
  readonly setPatterns: (from: number, length: number) => number
  readonly search: (from: number, count: number) => number
  readonly lines: (from: number, count: number, indent: number) => number
  readonly isOrdinary: (mark: number) => number
  readonly setListKeys: (keys: number, count: number) => void
  readonly walk: (blank: number, mark: number, base: number) => number
  readonly lastAlias: () => number
  readonly namesStart: () => number
  readonly findKey: (key: number, after: number, name: number, length: number) => number
  readonly indexOf: (from: number, end: number, text: number, length: number) => number
  readonly lookUp: (mapping: number, query: number) => number
  readonly sequencesBelow: (collection: number) => number
  readonly scalarsOnLines: (collection: number, start: number, end: number) => number
}

const compiled = new WebAssembly.Module(Buffer.from(wasmModule, 'base64'))

/**
 * The functions with a memory of their own. Throws RangeError if there is not enough address space
 * for one.
 */
export const newAssembly = (): Assembly => new WebAssembly.Instance(compiled).exports as Assembly

/**
 * The functions with the scratch memory. They are faster than the same loops in JavaScript, from
 * the first call on.
 */
export const assembly = firstAssembly()

function firstAssembly(): Assembly {
  try {
    return newAssembly()
  } catch (error) {
    throw new Error(
      'image-policy must be able to reserve addresses (not memory), for WebAssembly: 12 GB, or 1 GB with `node --disable-wasm-trap-handler`; raise `ulimit -v`',
      { cause: error },
    )
  }
}

/**
 * Whether the error means that no memory could be allocated, for WebAssembly (`reserve` traps) or a
 * buffer. V8 ends the process itself if the heap of JavaScript is full.
 */
export const isOutOfMemory = (error: unknown): error is Error =>
  (error instanceof WebAssembly.RuntimeError && error.message === 'unreachable') ||
  (error instanceof RangeError && /allocat/.test(error.message))

// the scratch memory: bytes and tape are there until the next load
let bytesOfMemory = Buffer.from(assembly.memory.buffer)
let numbersOfMemory = new Uint32Array(assembly.memory.buffer)
let loads = 0
let tapeIndex = 0

/**
 * Copies `bytes[start, end)` to where the functions of `assembly` expect them. Returns the number
 * of this load.
 */
export function load(bytes: Uint8Array, start: number, end: number): number {
  copy(bytes, start, end, 0)
  return ++loads
}

/**
 * The same, but keeps the first `kept` bytes of the last load and copies after them. Returns the
 * address of the copy.
 */
export function loadAfter(kept: number, bytes: Uint8Array, start: number, end: number): number {
  loads++
  return copy(bytes, start, end, kept)
}

function copy(bytes: Uint8Array, start: number, end: number, kept: number): number {
  const address = assembly.reserve(kept + end - start) + kept
  memory().set(bytes.subarray(start, end), address)
  tapeIndex = assembly.tapeStart() >>> 2
  return address
}

/** Whether this load was the last one. */
export const isLoaded = (number: number): boolean => number === loads

/** Makes no load count as the last one, so that every tape is written again before it is read. */
export function forgetLoads(): void {
  loads++
}

/** A view of the scratch memory. A view becomes empty when the memory grows. */
function memory(): Buffer {
  if (bytesOfMemory.length === 0) bytesOfMemory = Buffer.from(assembly.memory.buffer)
  return bytesOfMemory
}

/** The scratch memory as numbers; the tape begins at `tapeStart()`. */
export function words(): Uint32Array {
  if (numbersOfMemory.length === 0) numbersOfMemory = new Uint32Array(assembly.memory.buffer)
  return numbersOfMemory
}

export const tapeStart = (): number => tapeIndex

/** Text in the scratch memory, a character for each byte. */
export function latin1(start: number, end: number): string {
  return memory().toString('latin1', start, end)
}

/** The end of the memory for what lasts as long as the process: names, queries and list keys. */
const lastingEnd = 0x10000
let lasting = assembly.namesStart()

/**
 * Reserves memory that no load overwrites. Returns its address, a multiple of four; undefined if
 * there is no more.
 */
export function keep(length: number): number | undefined {
  const address = lasting
  if (address + length > lastingEnd) return undefined
  lasting = (address + length + 3) & ~3
  return address
}

/** The bytes of a name in the memory. */
export interface Name {
  readonly address: number
  readonly length: number
}

const names = new Map<string, Name>()

/**
 * The name in the memory, to be compared with keys. Undefined if there is no room for more names.
 */
export function nameInMemory(name: string): Name | undefined {
  const known = names.get(name)
  if (known !== undefined) return known
  const bytes = Buffer.from(name)
  const address = keep(bytes.length)
  if (address === undefined) return undefined
  memory().set(bytes, address)
  const kept = { address, length: bytes.length }
  names.set(name, kept)
  return kept
}

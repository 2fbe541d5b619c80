import { wasmModule } from './wasm-module.ts'

/** What is used of WebAssembly; TypeScript has its types only for browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
}

/** The functions of assembly/. They read the bytes that were loaded last, and put numbers on a tape. */
export interface Assembly {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly reserve: (length: number) => number
  readonly found: () => number
  readonly plant: (from: number, length: number) => number
  readonly lines: (from: number, count: number, indent: number) => number
  readonly search: (from: number, count: number) => number
  readonly length: () => number
  readonly isOrdinary: (mark: number) => number
  readonly walk: (blank: number, mark: number, base: number) => number
  readonly namesAt: () => number
  readonly find: (key: number, after: number, name: number, length: number) => number
  readonly indexOf: (from: number, end: number, text: number, length: number) => number
  readonly lookup: (mapping: number, query: number) => number
  readonly setListKeys: (table: number, count: number) => void
  readonly sequencesBelow: (collection: number) => number
  readonly scalarsOnLines: (collection: number, start: number, end: number) => number
  readonly tapeEnd: () => number
}

const compiled = new WebAssembly.Module(Buffer.from(wasmModule, 'base64'))

/** The functions with another memory. Throws RangeError where there is no address space for one. */
export const newAssembly = (): Assembly => new WebAssembly.Instance(compiled).exports as Assembly

/** Several times as fast as the same loops in JavaScript, and from the first call on (bench/README.md). */
export const assembly = firstAssembly()

function firstAssembly(): Assembly {
  try {
    return newAssembly()
  } catch (error) {
    const must =
      'image-policy must be able to reserve 12 GB of addresses (not of memory), as WebAssembly does; raise `ulimit -v`'
    throw new Error(must, { cause: error })
  }
}

// a scratch memory: nothing in it outlives the next load
let bytesOfMemory = Buffer.from(assembly.memory.buffer)
let wordsOfMemory = new Uint32Array(assembly.memory.buffer)
let loads = 0
let start = 0

/** Copies `bytes[start, end)` to where the functions of `assembly` look for them. Returns the number of this load. */
export function load(bytes: Uint8Array, start: number, end: number): number {
  copy(bytes, start, end, 0)
  return ++loads
}

/** The same, behind the `before` first bytes of what was loaded last. Returns the place. */
export function loadBehind(before: number, bytes: Uint8Array, start: number, end: number): number {
  loads++
  return copy(bytes, start, end, before)
}

function copy(bytes: Uint8Array, first: number, end: number, before: number): number {
  const at = assembly.reserve(before + end - first) + before
  memory().set(bytes.subarray(first, end), at)
  start = assembly.found() >>> 2
  return at
}

/** A view of the scratch memory: it is empty once the memory has grown. */
function memory(): Buffer {
  if (bytesOfMemory.length === 0) bytesOfMemory = Buffer.from(assembly.memory.buffer)
  return bytesOfMemory
}

/** Lets nothing count as loaded: what was read from the bytes must be read again. */
export const forgetLoaded = (): void => {
  loads++
}

/** Whether nothing was loaded since. */
export const isLoaded = (number: number): boolean => number === loads

/** The memory as numbers, of which those on the tape begin at `tapeStart()`. A view of the scratch memory. */
export function words(): Uint32Array {
  if (wordsOfMemory.length === 0) wordsOfMemory = new Uint32Array(assembly.memory.buffer)
  return wordsOfMemory
}

export const tapeStart = (): number => start

/** The end of the memory that is kept for names and queries. */
const keptEnd = 0x10000
let kept = assembly.namesAt()

/** Memory that stays: where it begins, a multiple of four. Undefined where there is no more. */
export function keep(length: number): number | undefined {
  const at = kept
  if (at + length > keptEnd) return undefined
  kept = (at + length + 3) & ~3
  return at
}

/** The bytes of a name in the memory. */
export interface Name {
  readonly at: number
  readonly length: number
}

const names = new Map<string, Name>()

/** The name as `find` and `lookup` compare it with keys. Undefined where there is no room for more names. */
export function nameInMemory(name: string): Name | undefined {
  const known = names.get(name)
  if (known !== undefined) return known
  const bytes = Buffer.from(name)
  const at = keep(bytes.length)
  if (at === undefined) return undefined
  memory().set(bytes, at)
  const found = { at, length: bytes.length }
  names.set(name, found)
  return found
}

/** Text in the memory, a character for each byte. */
export function latin1(start: number, end: number): string {
  return memory().toString('latin1', start, end)
}

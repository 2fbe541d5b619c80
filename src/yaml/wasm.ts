import { wasmModule } from './wasm-module.ts'

/** What is used of WebAssembly; TypeScript has its types only for browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
}

/** The functions of assembly/. They read the bytes that were loaded last, and put numbers on a tape. */
interface Assembly {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly reserve: (length: number) => number
  readonly found: () => number
  readonly unindented: () => number
  readonly oddities: () => number
  readonly walk: (blank: number, mark: number, base: number) => number
  readonly namesAt: () => number
  readonly find: (key: number, after: number, name: number, length: number) => number
  readonly touching: (key: number, after: number, start: number, end: number) => number
  readonly holdingImages: (key: number, after: number) => number
}

/** Several times as fast as the same loops in JavaScript, and from the first call on (bench/README.md). */
export const assembly = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(wasmModule, 'base64'))).exports as Assembly

// a scratch memory: nothing in it outlives the next load
let bytesOfMemory = new Uint8Array(assembly.memory.buffer)
let wordsOfMemory = new Uint32Array(assembly.memory.buffer)
let loads = 0

/** Copies `bytes[start, end)` to where the functions of `assembly` look for them. Returns the number of this load. */
export function load(bytes: Uint8Array, start: number, end: number): number {
  const at = assembly.reserve(end - start)
  if (bytesOfMemory.length === 0) bytesOfMemory = new Uint8Array(assembly.memory.buffer) // the memory has grown
  bytesOfMemory.set(bytes.subarray(start, end), at)
  return ++loads
}

/** Whether nothing was loaded since. */
export const isLoaded = (number: number): boolean => number === loads

/** The memory as numbers, of which those on the tape begin at `tapeStart()`. A view of the scratch memory. */
export function words(): Uint32Array {
  if (wordsOfMemory.length === 0) wordsOfMemory = new Uint32Array(assembly.memory.buffer)
  return wordsOfMemory
}

export const tapeStart = (): number => assembly.found() >> 2

const names = new Map<string, { readonly at: number; readonly length: number }>()
let room = assembly.namesAt()
const end = 0x10000

/** Where the bytes of a name stand in the memory, and how many they are: for `find`. Undefined where there is no room for more names. */
export function nameInMemory(name: string): { readonly at: number; readonly length: number } | undefined {
  const known = names.get(name)
  if (known !== undefined) return known
  const bytes = Buffer.from(name)
  if (room + bytes.length > end) return undefined
  if (bytesOfMemory.length === 0) bytesOfMemory = new Uint8Array(assembly.memory.buffer)
  bytesOfMemory.set(bytes, room)
  const found = { at: room, length: bytes.length }
  names.set(name, found)
  room += bytes.length
  return found
}

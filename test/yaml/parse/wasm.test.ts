import {
  assembly,
  forgetLoads,
  isLoaded,
  keep,
  latin1,
  load,
  loadAfter,
  nameInMemory,
  newAssembly,
} from '../../../src/yaml/parse/wasm.ts'

const bytes = Buffer.from('0123456789')

test('bytes are copied to the memory; only the last load counts', () => {
  const first = load(bytes, 2, 5)
  expect(isLoaded(first)).toBe(true)
  const start = assembly.reserve(3)
  expect(latin1(start, start + 3)).toBe('234')
  const second = load(bytes, 0, 1)
  expect([isLoaded(first), isLoaded(second)]).toEqual([false, true])
  forgetLoads()
  expect(isLoaded(second)).toBe(false)
})

test('bytes can be copied after those of the last load', () => {
  const first = load(bytes, 0, 4)
  const address = loadAfter(4, bytes, 7, 9)
  expect(latin1(address - 4, address + 2)).toBe('012378')
  expect(isLoaded(first)).toBe(false)
})

test('names are in the memory once, and no load overwrites them', () => {
  const name = nameInMemory('näme')
  expect(name).toBeDefined()
  if (name === undefined) return
  expect(nameInMemory('näme')).toBe(name)
  load(Buffer.alloc(0x20000, 'x'), 0, 0x20000)
  const text = Buffer.from(latin1(name.address, name.address + name.length), 'latin1').toString()
  expect(text).toBe('näme')
})

test('kept memory is aligned, and ends', () => {
  const [first = 0, second = 0] = [keep(1), keep(1)]
  expect(second - first).toBe(4)
  expect(keep(0x10000)).toBeUndefined()
})

test('another assembly has a memory of its own', () => {
  expect(newAssembly().memory.buffer).not.toBe(assembly.memory.buffer)
})

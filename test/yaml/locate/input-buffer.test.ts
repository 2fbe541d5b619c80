import fc from 'fast-check'
import { assemblyAround, newInput } from '../../../src/yaml/locate/input-buffer.ts'
import { scan } from '../../../src/yaml/locate/scan.ts'

test('an input is all that was read, in whatever pieces', () => {
  const piece = fc.tuple(
    fc.constantFrom(0, 1, 100, 0x10000, 0x3ffff, 0x50000),
    fc.nat(0x2000),
    fc.nat(0xff),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      const input = newInput()
      const expected: Buffer[] = []
      for (const [size, unused, value] of pieces) {
        const room = input.room(size + unused)
        expect(room).toHaveLength(size + unused)
        room.fill(0xee)
        room.fill(value, 0, size)
        input.add(size)
        expected.push(Buffer.alloc(size, value))
      }
      const whole = input.whole()
      expect(whole.equals(Buffer.concat(expected))).toBe(true)
      expect(assemblyAround(whole.subarray(1))).toBeUndefined()
    }),
    { numRuns: 50 },
  )
})

test('a large one is in a memory of its own', () => {
  const input = newInput()
  for (const size of [1, 0x40000, 0x80000]) {
    input.room(size)
    input.add(size)
  }
  const whole = input.whole()
  expect(assemblyAround(whole)?.memory.buffer).toBe(whole.buffer)
  expect(assemblyAround(whole.subarray(0, 1))).toBeUndefined()
  expect(
    assemblyAround(Buffer.from(whole.buffer, whole.byteOffset - 1, whole.length)),
  ).toBeUndefined()
})

test('there is always room after it for what is found', () => {
  const input = newInput()
  for (const size of [0x40000, 0xfff00]) {
    input.room(size).fill('\n-')
    input.add(size)
  }
  const whole = input.whole()
  expect(scan(whole).lines.dashes).toHaveLength(whole.length / 2 - 1)
})

test('a small one does not', () => {
  const input = newInput()
  input.room(10)
  input.add(9)
  expect(assemblyAround(input.whole())).toBeUndefined()
})

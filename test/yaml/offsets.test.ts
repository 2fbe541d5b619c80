import fc from 'fast-check'
import { firstFrom, newOffsets } from '../../src/yaml/offsets.ts'

const small = fc.nat(20)

test('a set of offsets has what was added, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(small), added => {
      const offsets = newOffsets()
      for (const offset of added) expect(offsets.add(offset)).toBe(true)
      for (let offset = 0; offset <= 20; offset++)
        expect(offsets.has(offset)).toBe(added.includes(offset))
    }),
  )
})

test('the first from a number is the first that is not less', () => {
  fc.assert(
    fc.property(fc.array(small), small, (numbers, from) => {
      const ascending = numbers.sort((a, b) => a - b)
      const expected = ascending.findIndex(number => number >= from)
      expect(firstFrom(ascending, from)).toBe(expected === -1 ? ascending.length : expected)
    }),
  )
})

import fc from 'fast-check'
import { applied } from '../../fixtures/tree-facts.ts'

test('edits replace their ranges, given in any order', () => {
  const edits = [
    { start: 12, end: 13, text: '20' },
    { start: 3, end: 4, text: '10' },
  ]
  expect(applied('a: 1 # x\nb: 2\n', edits)).toBe('a: 10 # x\nb: 20\n')
})

test('of two edits at one offset the first comes first', () => {
  const edits = [
    { start: 1, end: 1, text: 'x' },
    { start: 1, end: 2, text: 'y' },
  ]
  expect(applied('abc', edits)).toBe('axyc')
})

test.each([
  ['overlap', 0, 3, 2, 4],
  ['end before they start', 2, 1, 3, 3],
  ['lie outside', 0, 1, 6, 7],
])('edits that %s are refused', (_name, start, end, otherStart, otherEnd) => {
  const edits = [
    { start, end, text: '' },
    { start: otherStart, end: otherEnd, text: '' },
  ]
  expect(() => applied('abcdef', edits)).toThrow(RangeError)
})

test('every byte outside the edits is kept', () => {
  const bytes = fc.uint8Array({ maxLength: 40 })
  const some = fc.uint8Array({ minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.array(fc.tuple(some, bytes, fc.string())), bytes, (pieces, tail) => {
      const input: Uint8Array[] = []
      const expected: Uint8Array[] = []
      const edits = pieces.map(([kept, replaced, text]) => {
        const start = Buffer.concat(input).length + kept.length
        input.push(kept, replaced)
        expected.push(kept, Buffer.from(text))
        return { start, end: start + replaced.length, text }
      })
      expect(applied(Buffer.concat([...input, tail]), edits.reverse())).toBe(
        Buffer.concat([...expected, tail]).toString(),
      )
    }),
  )
})

import fc from 'fast-check'
import { spansOf } from '../../../src/yaml/locate/value-spans.ts'

/** ValueSpans of these lengths, each behind a gap. */
function partsWith(lengths: readonly (readonly [gap: number, length: number])[]) {
  let at = 0
  return lengths.map(([gap, length]) => {
    const start = at + gap
    at = start + length
    return { start, end: at, blank: 0 }
  })
}

test('the part that holds some bytes is the one that a loop over all parts finds', () => {
  const lengths = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { maxLength: 50 })
  fc.assert(
    fc.property(lengths, fc.nat(200), fc.nat(3), fc.nat(50), (lengths, from, length, near) => {
      const parts = partsWith(lengths)
      const expected = parts.findIndex(
        ({ start, end }) => start <= from && from < end && from + length <= end,
      )
      fc.pre(length > 0)
      expect(spansOf(parts).holding(from, from + length, near)).toBe(expected)
    }),
    { numRuns: 2000 },
  )
})

test('parts can be listed', () => {
  const parts = partsWith([
    [0, 1],
    [2, 3],
  ])
  expect([...spansOf(parts)]).toEqual(parts)
  expect(spansOf(parts).length).toBe(2)
})

import fc from 'fast-check'
import { spansOf } from '../../../src/yaml/locate/value-spans.ts'

/** Spans of these lengths, each after a gap. */
function spansWith(lengths: readonly (readonly [gap: number, length: number])[]) {
  let at = 0
  return lengths.map(([gap, length]) => {
    const start = at + gap
    at = start + length
    return { start, end: at, blank: 0 }
  })
}

test('the span that contains some bytes is the one that a loop over all spans finds', () => {
  const lengths = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { maxLength: 50 })
  fc.assert(
    fc.property(lengths, fc.nat(200), fc.nat(3), fc.nat(50), (lengths, from, length, near) => {
      const spans = spansWith(lengths)
      const expected = spans.findIndex(
        ({ start, end }) => start <= from && from < end && from + length <= end,
      )
      fc.pre(length > 0)
      expect(spansOf(spans).holding(from, from + length, near)).toBe(expected)
    }),
    { numRuns: 2000 },
  )
})

test('spans can be iterated', () => {
  const spans = spansWith([
    [0, 1],
    [2, 3],
  ])
  expect([...spansOf(spans)]).toEqual(spans)
  expect(spansOf(spans).length).toBe(2)
})

import fc from 'fast-check'
import { editsBetween, nearest } from '../../src/krm/nearest.ts'

test.each([
  ['moed', ['mode', 'policies'], 'mode'],
  ['Annotation', ['annotations', 'strict'], 'annotations'],
  ['x', [], undefined],
])('the nearest of %s', (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected)
})

test.each([
  ['', '', 0],
  ['web', 'web', 0],
  ['web', 'wen', 1],
  ['web', 'wbe', 2],
  ['aab', 'ab', 1],
  ['abab', 'ab', 2],
  ['ghcr.io/acme/web', 'ghcr.io/acme/wweb', 1],
])('from %j to %j it takes %i edits', (a, b, edits) => {
  expect(editsBetween(a, b, 9)).toBe(edits)
  expect(editsBetween(b, a, 9)).toBe(edits)
})

test('more edits than asked for are only known to be more', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 })
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, most) => {
      const all = editsBetween(a, b, 20)
      const some = editsBetween(a, b, most)
      expect(all <= most ? some === all : some > most).toBe(true)
    }),
  )
})

import { nearest } from '../../src/krm/nearest.ts'

test.each([
  ['moed', ['mode', 'policies'], 'mode'],
  ['Annotation', ['annotations', 'strict'], 'annotations'],
  ['x', [], undefined],
])('the nearest of %s', (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected)
})

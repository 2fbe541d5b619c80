import fc from 'fast-check'
import { parseRetryAfter } from '../../src/registry/retry-after.ts'

const now = Date.UTC(2026, 10, 21, 12, 0, 0)

test.each([
  ['0', 0],
  ['1', 1_000],
  [' 120 ', 120_000],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
  ['Saturday, 21-Nov-26 12:00:30 GMT', 30_000],
  ['Sat Nov 21 12:00:30 2026 GMT', 30_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['', undefined],
  [undefined, undefined],
  ['soon', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['99999999999999999999', undefined],
  ['2026', 2_026_000],
])('Retry-After: %s', (value, expected) => {
  expect(parseRetryAfter(value, now)).toBe(expected)
})

test('is never negative and never NaN', () => {
  fc.assert(fc.property(fc.string(), text => (parseRetryAfter(text, now) ?? 0) >= 0))
})

import fc from 'fast-check'
import { matchesGlob } from '../../../src/registry/credentials/host-glob.ts'

test.each([
  // pattern   label      matches
  ['reg', 'reg', true],
  ['reg', 'regs', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['re*', 're', true],
  ['*g', 'reg', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['r?g', 'reg', true],
  ['r?g', 'rg', false],
  ['us-[a-c]1', 'us-b1', true],
  ['us-[a-c]1', 'us-d1', false],
  ['us-[^a-c]1', 'us-d1', true],
  ['us-[^a-c]1', 'us-b1', false],
  ['[abc-e]', 'd', true],
  [String.raw`a\*`, 'a*', true],
  [String.raw`a\*`, 'ab', false],
  [String.raw`[\-x]`, '-', true],
  ['[!a]', 'b', false], // only ^ negates
  ['[a', 'a', false],
  ['[]a]', 'a', false],
  ['[-a]', 'a', false],
  ['[a-]', 'a', false],
  ['a\\', 'a\\', false],
])('%s on %s: %s', (pattern, label, matches) => {
  expect(matchesGlob(pattern, label)).toBe(matches)
})

test('agrees with a regular expression for patterns of only stars and question marks', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 })
  fc.assert(
    fc.property(pattern, text, (glob, label) => {
      const regexp = new RegExp(`^${glob.replaceAll('?', '.').replaceAll('*', '.*')}$`)
      expect(matchesGlob(glob, label)).toBe(regexp.test(label))
    }),
    { numRuns: 500 },
  )
})

test('a hostile pattern takes little time', () => {
  const started = performance.now()
  expect(matchesGlob(`${'*a'.repeat(2_000)}b`, 'a'.repeat(2_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(1_000)
})

import fc from 'fast-check'
import { FunctionError } from '../../src/errors.ts'
import { chooseTag, type TagPolicy } from '../../src/policy/choose-tag.ts'
import { scanTags } from '../../src/policy/scan-tags.ts'
import { parseTagVersion } from '../../src/policy/version.ts'
import { parseVersionRange } from '../../src/policy/version-range.ts'

const number = fc.integer({ min: 0, max: 12 })
const version = fc
  .tuple(fc.constantFrom('', 'v'), number, number, number, fc.constantFrom('', '', '-rc.1', '-0'))
  .map(([v, major, minor, patch, prerelease]) => `${v}${major}.${minor}.${patch}${prerelease}`)
const tag = fc.oneof(
  version,
  number.map(String),
  fc.stringMatching(/^[a-c]-[0-9]{1,2}$/),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
)
const tags = fc.array(tag, { maxLength: 20 })
const range = fc
  .tuple(
    fc.constantFrom('', '=', '!=', '>', '<', '>=', '<=', '~', '^'),
    number,
    number,
    fc.constantFrom('', '.0-0', '.1'),
  )
  .map(([operator, major, minor, rest]) => `${operator}${major}.${minor}${rest}`)
const policy: fc.Arbitrary<TagPolicy['policy']> = fc.oneof(
  range.map(text => ({ semver: { range: text } })),
  fc.constantFrom(
    { alphabetical: { order: 'asc' } },
    { alphabetical: { order: 'desc' } },
    { numerical: {} },
    { numerical: { order: 'desc' } },
  ),
)
const filterTags = fc.constantFrom(
  null,
  {},
  { pattern: '^v?[0-9]' },
  { pattern: '-(?P<n>[0-9]+)$', extract: '$n' },
  { pattern: '[0-9]+', extract: '$0' },
)
const policies: fc.Arbitrary<TagPolicy> = fc.record({ policy, filterTags })

/** The choice, or Flux's message. */
function choose(
  given: TagPolicy,
  stored: readonly string[],
): { tag: string; value: string } | string | undefined {
  try {
    return chooseTag(given, stored)
  } catch (error) {
    if (error instanceof FunctionError) return error.flux
    throw error
  }
}

test('the chosen tag is one of the list, and passes filter and range by itself', () => {
  fc.assert(
    fc.property(policies, tags, (given, listed) => {
      const stored = scanTags(listed)
      const chosen = choose(given, stored)
      if (typeof chosen !== 'object') return
      expect(stored).toContain(chosen.tag)
      expect(choose(given, [chosen.tag])).toEqual(chosen)
      if (given.policy.semver) {
        const inRange = parseVersionRange(given.policy.semver.range ?? '')
        const parsed = parseTagVersion(chosen.value)
        expect(typeof inRange === 'function' && parsed !== undefined && inRange(parsed)).toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
})

test('the order of the listing does not matter', () => {
  const twice = tags.chain(listed =>
    fc.tuple(fc.constant(listed), fc.shuffledSubarray(listed, { minLength: listed.length })),
  )
  fc.assert(
    fc.property(policies, twice, (given, [one, other]) =>
      expect(choose(given, scanTags(one))).toEqual(choose(given, scanTags(other))),
    ),
    { numRuns: 1000 },
  )
})

test('a tag that does not pass the filter changes nothing', () => {
  fc.assert(
    fc.property(
      policies,
      tags,
      fc.constantFrom('x', 'latest', '-', 'x-'),
      fc.nat(),
      (given, listed, added, position) => {
        fc.pre(listed.length > 0 && given.filterTags?.pattern !== undefined)
        const at = position % listed.length
        expect(choose(given, [...listed.slice(0, at), added, ...listed.slice(at)])).toEqual(
          choose(given, listed),
        )
      },
    ),
    { numRuns: 1000 },
  )
})

test('a tag that is outside the range changes nothing', () => {
  fc.assert(
    fc.property(range, tags, version, (text, listed, added) => {
      const inRange = parseVersionRange(text)
      const parsed = parseTagVersion(added)
      fc.pre(
        listed.length > 0 &&
          typeof inRange === 'function' &&
          parsed !== undefined &&
          !inRange(parsed),
      )
      const given = { policy: { semver: { range: text } } }
      expect(choose(given, [added, ...listed])).toEqual(choose(given, listed))
    }),
    { numRuns: 1000 },
  )
})

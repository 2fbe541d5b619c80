import { fieldsOf } from '../../src/krm/fields.ts'
import { readChooser, type TagPolicy } from '../../src/policy/choose-tag.ts'

const warningsOf = (spec: TagPolicy, tags: readonly string[]) =>
  readChooser(fieldsOf(undefined, { ...spec }, 'spec'))
    .warnings(tags)
    .map(({ field, problem }) => `${field} ${problem}`)

const semver = (range: string): TagPolicy => ({ policy: { semver: { range } } })
const alphabetical = (filterTags?: TagPolicy['filterTags']): TagPolicy => ({
  policy: { alphabetical: {} },
  ...(filterTags && { filterTags }),
})
const numerical = (pattern: string, extract = '$n'): TagPolicy => ({
  policy: { numerical: {} },
  filterTags: { pattern, extract },
})
const versions = ['latest', 'v1.2.3', 'v1.2.4', 'v1.10.0', 'v2.0.0-rc.1']

describe('no warning for', () => {
  test.each<readonly [string, TagPolicy, readonly string[]]>([
    ...[
      '>=1.2.3 <2.0.0',
      '^v1',
      '~1.2',
      '1.x',
      '1.2 - 1.9',
      '>=1.2.0-0 <2.0.0-0',
      '^1 || ^2',
      '<2',
    ].map(range => [`the range ${range}`, semver(range), versions] as const),
    [
      'letters of one length',
      alphabetical(),
      ['RELEASE.2024-01-02T03-04-05Z', 'RELEASE.2025-11-12T03-04-05Z', 'EDGE'],
    ],
    [
      'numbers after commits of any length',
      alphabetical({ pattern: '^main-' }),
      ['main-a1b2c3d-1700000000', 'main-123-170', 'main-a2b3-17'],
    ],
    ['words', alphabetical(), ['a', 'bb', 'ccc']],
    [
      'an anchored pattern',
      numerical('^build-(?P<n>[0-9]+)$'),
      ['build-9', 'build-10', 'xbuild-9'],
    ],
    [
      'a pattern with one anchor',
      numerical('^main-[0-9a-f]+-(?P<n>[0-9]+)'),
      ['main-abc-1', 'main-abc-1-dirty'],
    ],
    ['an anchor in an escape', alphabetical({ pattern: '\\Av[0-9]' }), ['v1', 'v1x']],
    ['a pattern for a part of every tag', alphabetical({ pattern: 'alpine' }), ['1-alpine', '1']],
    [
      'a pattern that matches whole tags only',
      alphabetical({ pattern: 'v[0-9]' }),
      ['v1', 'v2', 'x'],
    ],
    [
      'the whole match',
      { policy: { alphabetical: {} }, filterTags: { pattern: '^v[0-9]', extract: '$0' } },
      ['v1'],
    ],
    ['a group by number', numerical('^v([0-9]+)$', '${1}'), ['v1']],
    [
      'a dollar and a group',
      { policy: { alphabetical: {} }, filterTags: { pattern: '^(?P<n>v)', extract: '$$-$n' } },
      ['v1'],
    ],
  ])('%s', (_what, spec, tags) => {
    expect(warningsOf(spec, tags)).toEqual([])
  })
})

describe('a warning for', () => {
  test.each<readonly [string, TagPolicy, readonly string[], string]>([
    [
      'a range without upper bound',
      semver('>=1.2.3'),
      versions,
      'policy.semver.range has no upper bound, so it takes every future major version, with its breaking changes: bound it, as in ">=1.2.3 <2.0.0"',
    ],
    [
      'any version',
      semver('*'),
      versions,
      'policy.semver.range has no upper bound, so it takes every future major version, with its breaking changes: bound it, as in ">=1.2.0 <2.0.0"',
    ],
    [
      'one side without upper bound',
      semver('~1.2 || >3'),
      versions,
      'policy.semver.range has no upper bound, so it takes every future major version, with its breaking changes: bound it, as in ">=1.2.0 <2.0.0"',
    ],
    [
      'letters over numbers of different length',
      alphabetical(),
      ['build-9', 'build-10'],
      'policy.alphabetical compares characters, not numbers, and "build-9" and "build-10" have numbers of different length: use `semver` for versions; for one number, cut it out with `extract` and use `numerical`',
    ],
    [
      'letters over versions',
      alphabetical(),
      ['v1.0.9', 'v1.0.63'],
      '"v1.0.9" and "v1.0.63" have numbers of different length',
    ],
    [
      'letters over extracted values',
      alphabetical({ pattern: '^b-([0-9]+)$', extract: '$1' }),
      ['b-9', 'b-10'],
      '"9" and "10"',
    ],
    [
      'a word that comes after dates',
      alphabetical(),
      ['RELEASE.2024-01-02T03-04-05Z', 'RELEASE.2025-11-12T03-04-05Z', 'latest'],
      'policy.alphabetical chooses "latest", a word, although other tags look like versions or dates, such as "RELEASE.2024-01-02T03-04-05Z": let in only those, for example with `filterTags: {pattern: \'^RELEASE\\.[0-9]\'}`',
    ],
    [
      'a word that comes after versions',
      alphabetical(),
      ['v1.2.3', 'v1.2.4', 'vnext'],
      "for example with `filterTags: {pattern: '^v[0-9]'}`",
    ],
    [
      'several kinds, of which Flux reads one',
      { policy: { alphabetical: {}, semver: { range: '1.x' } } },
      ['1.2.3'],
      'policy has `semver` and `alphabetical`, of which Flux reads only `semver`: remove what you do not mean',
    ],
    [
      'a pattern without anchors that matches longer tags too',
      alphabetical({ pattern: 'v[0-9]' }),
      ['v1', 'v1-alpine'],
      'filterTags.pattern has no anchors, so it lets in "v1-alpine" as well as "v1": to match only whole tags, write "^v[0-9]$"',
    ],
    [
      'a pattern whose only anchors are in classes',
      alphabetical({ pattern: '[^a$][0-9]\\$?' }),
      ['v1', 'v1-alpine'],
      'has no anchors',
    ],
    [
      'alternatives without anchors',
      alphabetical({ pattern: 'a|b' }),
      ['a', 'bb'],
      'to match only whole tags, write "^(?:a|b)$"',
    ],
    [
      'an extract without reference',
      { policy: { alphabetical: {} }, filterTags: { pattern: '^(?P<build>.)$', extract: 'build' } },
      ['a'],
      'filterTags.extract `extract` refers to no group, so every value is "build": the pattern has `$build`',
    ],
    [
      'an extract of a group that is not there',
      { policy: { alphabetical: {} }, filterTags: { pattern: '^(.)$', extract: '$1x' } },
      ['a'],
      'filterTags.extract `extract` refers to the group "1x", which the pattern does not have, so this part is empty: name a group of the pattern, `(?P<number>[0-9]+)`, and write `$number`',
    ],
    [
      'an extract of a number beyond the groups',
      { policy: { alphabetical: {} }, filterTags: { pattern: '^(.)$', extract: '$2' } },
      ['a'],
      'refers to the group "2"',
    ],
  ])('%s', (_what, spec, tags, warning) => {
    const warnings = warningsOf(spec, tags)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(warning)
  })
})

describe('if only pre-releases match, the error shows the range that lets them in', () => {
  test.each([
    ['>=1.2.0 <2.0.0', '>=1.2.0-0 <2.0.0-0'],
    ['1.x', '1.x-0'],
    ['^v1', '^v1-0'],
    ['~1.2 || ~1.3', '~1.2-0 || ~1.3-0'],
    ['*', '*-0'],
  ])('%s', (range, wider) => {
    const choose = (written: string) =>
      readChooser(fieldsOf(undefined, { ...semver(written) }, 'spec')).choose(['v1.2.3-rc.1'])
    expect(() => choose(range)).toThrow(
      `only pre-releases match, and ${JSON.stringify(range)} excludes all of them: let them in with ${JSON.stringify(wider)}`,
    )
    expect(choose(wider).tag).toBe('v1.2.3-rc.1')
  })

  test('not if a pre-release in the range would not help', () => {
    expect(() =>
      readChooser(fieldsOf(undefined, { ...semver('^2') }, 'spec')).choose(['v1.2.3-rc.1']),
    ).toThrow(/\(outside the range\)$/)
  })
})

import fc from 'fast-check'
import semver from 'semver'
import {
  compareVersions,
  parseTagVersion,
  parseVersion,
  type Version,
} from '../../src/policy/version.ts'

const version = (text: string): Version => {
  const parsed = parseTagVersion(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

test.each([
  ['1.2.3', [1n, 2n, 3n, '']],
  ['v1.2.3', [1n, 2n, 3n, '']],
  ['2025.01.02', [2025n, 1n, 2n, '']],
  ['1.2.3-rc.1+build.5', [1n, 2n, 3n, 'rc.1']],
  ['1.2.3+b-1', [1n, 2n, 3n, '']],
  ['1.2-rc.1', [1n, 2n, 0n, 'rc.1']],
  ['1-a.b.c', [1n, 0n, 0n, 'a.b.c']],
  ['1.2.3--', [1n, 2n, 3n, '-']],
  ['1.2.3-0a', [1n, 2n, 3n, '0a']],
  ['18446744073709551615.0.0', [18446744073709551615n, 0n, 0n, '']],
])('%s is a version', (text, [major, minor, patch, prerelease]) =>
  expect(parseTagVersion(text as string)).toEqual({ major, minor, patch, prerelease }),
)

test.each([
  '',
  '1',
  '1.2',
  'v1.2',
  '1.2-5',
  'V1.2.3',
  'vv1.2.3',
  '1.2.3.4',
  '1.2.x',
  '1.2.3-',
  '1.2.3+',
  '1.2.3-01',
  '1.2.3-a..b',
  '1.2.3_1',
  ' 1.2.3',
  '1.2.3\n',
  '18446744073709551616.0.0',
  `1.2.3-${'a'.repeat(251)}`,
])('%j is not a version', text => expect(parseTagVersion(text)).toBeUndefined())

test('256 bytes are not too long', () =>
  expect(parseTagVersion(`1.2.3-${'a'.repeat(250)}`)).toBeDefined())

test('a range may leave numbers out', () =>
  expect(parseVersion('1')).toEqual({ major: 1n, minor: 0n, patch: 0n, prerelease: '' }))

test('each of these comes after the one before it', () => {
  const ascending = [
    '0.0.1',
    '0.1.0',
    '1.0.0-0',
    '1.0.0-1',
    '1.0.0-10',
    '1.0.0-18446744073709551615',
    '1.0.0--1',
    '1.0.0-18446744073709551616',
    '1.0.0-9-',
    '1.0.0-A',
    '1.0.0-a',
    '1.0.0-a.0',
    '1.0.0-a.0.0',
    '1.0.0-a.1',
    '1.0.0-a.a',
    '1.0.0-b',
    '1.0.0',
    '1.0.1',
    '1.10.0-a',
    '1.10.0',
    '9007199254740993.0.0',
    '9007199254740994.0.0',
  ]
  for (const [indexA, a] of ascending.entries()) {
    for (const [indexB, b] of ascending.entries()) {
      expect([a, b, Math.sign(compareVersions(version(a), version(b)))]).toEqual([
        a,
        b,
        Math.sign(indexA - indexB),
      ])
    }
  }
})

test.each([
  ['1.0.0', 'v01.0.0'],
  ['1.0.0+a', '1.0.0+b'],
])('%s equals %s', (a, b) => expect(compareVersions(version(a), version(b))).toBe(0))

test('versions that node-semver reads too have the order that it gives them', () => {
  const number = fc.integer({ min: 0, max: 99 }).map(String)
  const identifier = fc.oneof(
    number,
    fc.constantFrom('alpha', 'beta', 'rc', 'RC', 'a-b', '-', '0a'),
  )
  const anyVersion = fc
    .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }))
    .map(([major, minor, patch, identifiers]) =>
      [`${major}.${minor}.${patch}`, identifiers.join('.')].filter(Boolean).join('-'),
    )
  fc.assert(
    fc.property(anyVersion, anyVersion, (a, b) => {
      expect([a, b, Math.sign(compareVersions(version(a), version(b)))]).toEqual([
        a,
        b,
        semver.compare(a, b),
      ])
    }),
    { numRuns: 2000 },
  )
})

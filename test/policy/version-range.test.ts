import { parseTagVersion } from '../../src/policy/version.ts'
import { parseVersionRange } from '../../src/policy/version-range.ts'

const holds = (range: string, tag: string): boolean => {
  const parsed = parseVersionRange(range)
  const version = parseTagVersion(tag)
  if (typeof parsed !== 'function' || version === undefined) throw new Error(`${range} ${tag}`)
  return parsed(version)
}

// Each line was run with Masterminds/semver 3.5.0.
test.each([
  ['*', '3.1.0', ''],
  ['=1.2.3', '1.2.3 v1.2.3 1.2.3+b', '1.2.4 1.2.3-a'],
  ['1.2', '1.2.0 1.2.9', '1.3.0 1.1.9'],
  ['1.x.3', '1.0.0 1.9.9', '2.0.0'],
  ['!=1.2.3', '1.2.4', '1.2.3 1.2.3+b'],
  ['!=1.2', '1.3.0 2.2.0', '1.2.0 1.2.9 1.3.0-a'],
  ['!=1', '2.0.0', '1.0.0 1.9.9'],
  ['!=1.2-a', '1.2.0 1.2.5-b', '1.2.5-a'],
  ['!=*', '0.0.1 1.0.0', '0.0.0'],
  ['>1', '2.0.0', '1.0.0 1.9.9 0.9.0'],
  ['>1.1', '1.2.0', '1.1.9'],
  ['>1.1.1', '1.1.2', '1.1.1'],
  ['>*', '0.0.1', '0.0.0'],
  ['<1.x', '0.9.9', '1.0.0'],
  ['>=1.2', '1.2.0', '1.1.9'],
  ['=>1.2', '1.2.0', '1.1.9'],
  ['<=1', '1.9.9 0.1.0', '2.0.0'],
  ['<=1.1', '1.1.9 1.0.0', '1.2.0'],
  ['=<1.1.1', '1.1.1', '1.1.2'],
  ['<=*', '0.0.9', '0.1.0 1.0.0'],
  ['~1', '1.9.0', '2.0.0'],
  ['~>1.2', '1.2.9', '1.3.0'],
  ['~1.2.3', '1.2.3 1.2.9', '1.2.2 1.3.0'],
  ['~0.0.0', '3.1.0', '3.1.0-a'],
  ['~0.0.0-0', '3.1.0 3.1.0-a', ''],
  ['^1.2.3', '1.2.3 1.9.0', '1.2.2 2.0.0'],
  ['^0.2.3', '0.2.9', '0.3.0 1.0.0'],
  ['^0.0.3', '0.0.3', '0.0.4'],
  ['^0.0', '0.0.9', '0.1.0'],
  ['^0', '0.9.9', '1.0.0'],
  ['^*', '0.0.0', '0.0.1 3.1.0'],
  ['>=1.0.0-0 <2.0.0', '1.0.1-rc1 2.0.0-rc1', '2.0.0'],
  ['>=1.0.0 <2.0.0', '1.0.1', '1.0.1-rc1'],
  ['>=1 || 0.1.0-a', '0.1.0-a 1.0.0', '1.0.0-a'],
  ['>=1.0 , <2.0', '1.5.0', '2.0.0'],
  ['1 - 2', '1.0.0 2.9.9', '0.9.0 3.0.0'],
  ['1.0.0-0 - 2.0.0', '1.0.0-a 2.0.0-a', '2.0.1'],
  ['01.02.03', '1.2.3', '1.2.4'],
  ['\t>=\n1.0\f<2\r', '1.5.0', '2.0.0'],
])('%j holds %s, not %s', (range, inside, outside) => {
  for (const tag of inside.split(' ').filter(Boolean))
    expect([tag, holds(range, tag)]).toEqual([tag, true])
  for (const tag of outside.split(' ').filter(Boolean))
    expect([tag, holds(range, tag)]).toEqual([tag, false])
})

test.each([
  ['', 'improper constraint: ""'],
  ['>=1 ||', 'improper constraint: ""'],
  ['>=1 || a1 ', 'improper constraint: " a1 "'],
  ['>=1 || x1 ', 'constraint parser error'],
  ['==1', 'improper constraint: "==1"'],
  ['>=1.0.0<2.0.0', 'improper constraint: ">=1.0.0<2.0.0"'],
  ['>=1,', 'improper constraint: ">=1,"'],
  ['>=1,,<2', 'improper constraint: ">=1,,<2"'],
  ['V1', 'improper constraint: "V1"'],
  ['>=1\v<2', 'improper constraint: ">=1\\v<2"'],
  ['>=\u00a01', 'improper constraint: ">=\\u00a01"'],
  ['1.2.3.4 - 5', 'improper constraint: "1.>= 2.3.4, <= 5 "'],
  ['>=1.0 - 2.0', 'improper constraint: ">=>= 1.0, <= 2.0 "'],
  ['1 - 2||3 - 4', 'improper constraint: "3 - 4"'],
  ['xx', 'constraint parser error'],
  ['1|2', 'constraint parser error'],
  ['>=1.0.0-01', 'constraint parser error'],
  ['18446744073709551616', 'constraint parser error'],
  [`1.0.0-${'a'.repeat(300)}`, 'constraint parser error'],
  ['é'.repeat(257), 'constraint string is too long (max 512 bytes)'],
  [`${'1||'.repeat(32)}1`, 'too many constraint groups (max 32)'],
])('%j is refused', (range, error) => expect(parseVersionRange(range)).toEqual({ error }))

test('32 groups and 512 bytes are enough', () => {
  expect(parseVersionRange(`${'1||'.repeat(31)}1`)).toBeInstanceOf(Function)
  expect(parseVersionRange(`${' '.repeat(511)}1`)).toBeInstanceOf(Function)
})

test('spaces take no time', () => {
  const begin = performance.now()
  expect(parseVersionRange(`${'1   '.repeat(127)}!`)).toEqual({
    error: expect.stringContaining('improper'),
  })
  expect(performance.now() - begin).toBeLessThan(1000)
})

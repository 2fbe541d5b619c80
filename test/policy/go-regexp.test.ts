import { compileGoRegexp, type GoRegexp } from '../../src/policy/go-regexp.ts'

function compiled(pattern: string): GoRegexp {
  const regexp = compileGoRegexp(pattern)
  if ('problem' in regexp) throw new Error(regexp.problem)
  return regexp
}

test.each([
  ['b', 'abc', true],
  ['^b', 'abc', false],
  ['', '', true],
  ['x*', 'abc', true],
  ['a$', 'a\n', false], // the end of the text, not a line
  ['(?m)a$', 'a\n', true],
  ['^.*\\.sig$', 'a\n.sig', false],
  ['a.b', 'a\nb', false],
  ['(?s)a.b', 'a\nb', true],
  ['(?i)K', '\u212a', true], // the Kelvin sign
  ['\\s', '\v', false],
  ['\\s', '\u00a0', false],
  ['\\w', 'é', false],
  ['^.$', '😀', true],
  ['\\pL', 'é', true],
  ['\\pl', 'é', true],
  ['\\p{lowercase letter}', 'É', false],
  ['\\p{^LowerCase_le-tter}|\\p{greek}', 'ω', true],
  ['[^\\p{letter}]', 'a', false],
  ['\\\\p{Letter}', '\\p{Letter}', true],
  ['\\Q\\p{Letter}(?P<n>\\E', '\\p{Letter}(?P<n>', true],
  ['[(?P<n>](?P<n>a)', 'Pa', true],
  ['[]a](?P<n>b)', ']b', true],
])('%s in %j: %j', (pattern, text, found) => {
  const regexp = compiled(pattern)
  expect(regexp.test(text)).toBe(found)
  expect(regexp.find(text) !== undefined).toBe(found)
})

test('the first match and its groups, as UTF-16 offsets', () => {
  expect(compiled('(b)|(c)').find('😀cb')).toEqual([2, 3, -1, -1, 2, 3])
  expect(compiled('(a|ab)(c|bcd)').find('abcd')).toEqual([0, 4, 0, 1, 1, 4])
  expect(compiled('(?:(a)|b)+').find('ab')).toEqual([0, 2, 0, 1]) // a capture stays, unlike in JavaScript
})

test('several groups may have one name', () => {
  const regexp = compiled('(?P<v>a)|(?<v>b)(c)|(?P<again>d)')
  expect(regexp.groupNames).toEqual(['', 'v', 'v', '', 'again'])
  expect(regexp.find('bc')).toEqual([0, 2, -1, -1, 0, 1, 1, 2, -1, -1])
})

test.each([
  ['\\', 'trailing backslash at end of expression: ``'],
  ['[a', 'missing closing ]: `[a`'],
  ['(a', 'missing closing ): `(a`'],
  ['a)', 'unexpected ): `a)`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['*', 'missing argument to repetition operator: `*`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['(?<=a)b', 'invalid named capture: `(?<=a)b`'],
  ['(?P<', 'invalid or unsupported Perl syntax: `(?P`'],
  ['(?<', 'invalid or unsupported Perl syntax: `(?<`'],
  ['(?P<é>a)', 'invalid named capture: `(?P<é>`'],
  ['\\1', 'invalid escape sequence: `\\1`'],
  ['\\C', 'invalid escape sequence: `\\C`'],
  ['\\p{Emoji}', 'invalid character class range: `\\p{Emoji}`'],
  ['\\p{emoji}\\p{Emoji}', 'invalid character class range: `\\p{emoji}`'],
  ['\\p{Old_Italic}', 'invalid character class range: `\\p{Old_Italic}`'], // refused by Go since 1.25
  ['(?P<n>a)(?P<n>b)(', 'missing closing ): `(?P<n>a)(?P<n>b)(`'],
  ['(?P<n>a)(?P<n>b', 'missing closing ): `(?P<n>a)(?P<n>b`'],
  ['(?P<n>a)(?P<n>[b', 'missing closing ]: `[b`'],
])('%s is refused as by Go', (pattern, go) => {
  expect(compileGoRegexp(pattern)).toEqual({
    problem: `must be a regular expression of Go (RE2), got ${JSON.stringify(pattern)}: ${go}`,
    go: `error parsing regexp: ${go}`,
  })
})

test.each([
  ['parentheses', `${'('.repeat(30_000)}a${')'.repeat(30_000)}`, 'expression nests too deeply'],
  ['loops', `${'('.repeat(1000)}a${')*'.repeat(1000)}`, 'expression nests too deeply'],
  ['repeats', '.{1000}'.repeat(9000), 'expression too large'],
])('too much of %s is refused as by Go', (_what, pattern, go) => {
  expect(compileGoRegexp(pattern)).toEqual({
    problem: expect.stringContaining('…'),
    go: `error parsing regexp: ${go}: \`${pattern}\``,
  })
})

test('what Go would take a long time for is refused', () => {
  expect(compileGoRegexp('a'.repeat(65_537))).toEqual({
    problem: 'must have at most 65536 characters, got 65537',
  })
  expect(compileGoRegexp('.{1000}'.repeat(30))).toEqual({
    problem: expect.stringMatching(/^must be simpler: it takes 30002 instructions/),
  })
})

test.each([
  ['loops of nothing', '(?:\\b|a)'.repeat(4000)],
  ['optional letters', 'a?'.repeat(9900)],
  ['unclosed classes', '[\\p{L}'.repeat(9000)],
  ['alternatives', '|'.repeat(65_000)],
])('%s crash nothing', (_what, pattern) => {
  const regexp = compileGoRegexp(pattern)
  if (!('problem' in regexp)) regexp.find('a'.repeat(200))
})

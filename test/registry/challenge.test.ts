import fc from 'fast-check'
import { chooseChallenge, parseChallenges } from '../../src/registry/challenge.ts'

const plain = (lines: readonly string[]) =>
  parseChallenges(lines).map(({ scheme, params }) => [scheme, Object.fromEntries(params)])

describe('WWW-Authenticate', () => {
  const bearer = ['bearer', { realm: 'https://a/token', service: 'a' }]
  test.each([
    ['one challenge', ['Bearer realm="https://a/token",service="a"'], [bearer]],
    [
      'several lines',
      ['Basic realm="x"', 'Bearer realm="https://a/token",service="a"'],
      [['basic', { realm: 'x' }], bearer],
    ],
    [
      'several in one line',
      ['Bearer realm="https://a/token", service="a", Basic realm="x"'],
      [bearer, ['basic', { realm: 'x' }]],
    ],
    [
      'several glued by a comma',
      ['Bearer realm="https://a/token",service="a",Basic realm="x"'],
      [bearer, ['basic', { realm: 'x' }]],
    ],
    [
      'several glued by nothing',
      ['Bearer realm="https://a/token",service="a"Basic realm="x"'],
      [bearer, ['basic', { realm: 'x' }]],
    ],
    ['any case', ['BEARER Realm="https://a/token",SERVICE="a"'], [bearer]],
    ['unquoted values', ['Bearer realm=https://a/token,service=a'], [bearer]],
    ['blanks around =', ['Bearer realm = "https://a/token" , service = a'], [bearer]],
    ['escapes', ['Basic realm="a \\"b\\" \\\\ c"'], [['basic', { realm: 'a "b" \\ c' }]]],
    ['a quote that never ends', ['Basic realm="abc'], [['basic', { realm: 'abc' }]]],
    ['a scheme alone', ['Negotiate'], [['negotiate', {}]]],
    [
      'a scheme alone before another',
      ['Negotiate, Basic realm="x"'],
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'commas in quotes',
      ['Bearer realm="r",scope="repository:a/b:pull,push"'],
      [['bearer', { realm: 'r', scope: 'repository:a/b:pull,push' }]],
    ],
    [
      'commas without quotes',
      ['Bearer scope=repository:a:pull,push,realm=r'],
      [
        ['bearer', { scope: 'repository:a:pull', realm: 'r' }],
        ['push', {}],
      ],
    ],
    ['a parameter twice', ['Basic realm="first",realm="second"'], [['basic', { realm: 'first' }]]],
    ['an empty value', ['Bearer realm="",service='], [['bearer', { realm: '', service: '' }]]],
    ['nothing', ['', ' , '], []],
    ['parameters without a scheme', ['realm="x"'], []],
  ])('%s', (_name, lines, expected) => {
    expect(plain(lines)).toEqual(expected)
  })

  test('never throws and always ends', () => {
    const piece = fc.constantFrom(
      'Bearer ',
      'Basic',
      ' ',
      ',',
      '=',
      '"',
      '\\',
      'realm=',
      '"x"',
      'a',
      '\t',
      'é',
      '\u0000',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        pieces => void parseChallenges([pieces.join('')]),
      ),
    )
  })

  test('reads every quoted value back', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 30 })
    fc.assert(
      fc.property(value, value, (realm, service) => {
        const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
        const header = `Negotiate, Bearer realm=${quote(realm)}, service=${quote(service)}, Basic realm="x"`
        expect(plain([header])).toEqual([
          ['negotiate', {}],
          ['bearer', { realm, service }],
          ['basic', { realm: 'x' }],
        ])
      }),
    )
  })

  test('parses a long line in linear time', () => {
    const started = performance.now()
    parseChallenges([
      `Bearer ${'a'.repeat(100_000)}`,
      `Bearer realm="${'\\'.repeat(100_000)}`,
      ' ,'.repeat(50_000),
      '"'.repeat(100_000),
    ])
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

test.each([
  ['Bearer before Basic', ['Basic realm="x", Bearer realm="https://a"'], 'bearer'],
  ['Basic where Bearer has no realm', ['Bearer service="x", Basic realm="x"'], 'basic'],
  ['Basic without parameters', ['Negotiate, Basic'], 'basic'],
  ['nothing that is unknown', ['Negotiate, Digest realm="x"'], undefined],
])('chooses %s', (_name, lines, scheme) => {
  expect(chooseChallenge(parseChallenges(lines))?.scheme).toBe(scheme)
})

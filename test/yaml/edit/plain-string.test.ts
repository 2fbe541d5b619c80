import fc from 'fast-check'
import { isPlainString } from '../../../src/yaml/edit/plain-string.ts'
import { dataOf } from '../../../src/yaml/tree/value.ts'
import { parse } from '../../fixtures/tree-facts.ts'

describe('a string without quotes', () => {
  test.each([
    ...[
      'nginx:1.25',
      'ghcr.io/acme/web@sha256:0df0',
      'v1.2.3',
      '1.2.3',
      '1.25-alpine',
      'latest',
      'a b',
      '20.04-lts',
      '1.2.3.4',
      'x=y',
    ],
    ...[
      'http://a/b#c',
      "it's",
      '_1',
      'nan',
      'inf',
      '2024-02-30-x',
      'sha256:00',
      'é',
      '<none>',
      '1.20.0',
      'yesterday',
      '12:99',
      '0xg',
    ],
  ])('%j', text => {
    expect(isPlainString(text)).toBe(true)
  })
})

describe('a string that needs quotes', () => {
  test.each([
    // read as another value by YAML 1.2
    ...[
      '',
      '~',
      'null',
      'NULL',
      'true',
      'False',
      '1',
      '-1',
      '+1',
      '1.20',
      '1.',
      '1e3',
      '1E+3',
      '.5',
      '-.5',
      '0x1F',
      '0o14',
      '.inf',
      '-.INF',
      '.nan',
    ],
    // read as another value by YAML 1.1
    ...[
      'y',
      'N',
      'yes',
      'No',
      'on',
      'OFF',
      '012',
      '08',
      '1_000',
      '1_',
      '1__0',
      '0b1',
      '0B_1',
      '0x_1f',
      '1:20',
      '190:20:30.15',
      '=',
      '<<',
    ],
    ...[
      '2024-01-01',
      '2024-1-2',
      '2024-01-01T00:00:00Z',
      '2024-01-01 00:00:00',
      '+.inf',
      '1_0.5',
      '0O14',
      '0X1F',
    ],
    // not a plain scalar, or not in every context
    ...[
      '- a',
      '-a',
      '? a',
      ': a',
      ':a',
      'a: b',
      'a:',
      'a #b',
      '#a',
      ' a',
      'a ',
      'a, b',
      '[a]',
      'a]',
      '{a}',
      '&a',
      '*a',
      '!a',
      '|',
      '>',
      "'a",
      '"a',
      '%a',
      '@a',
      '`a',
    ],
    ...[
      'a\nb',
      'a\tb',
      '\ta',
      '...',
      '---',
      'a\u0085b',
      'a\u2028b',
      '\ufeffa',
      'a\x7f',
      '\x00',
      'a\u200bb',
      '\ud800',
    ],
  ])('%j', text => {
    expect(isPlainString(text)).toBe(false)
  })
})

test('in every context it is read as that string', () => {
  const characters = fc.constantFrom(
    ...'a1 .:-#,[]{}\'"&*!|>%@`?=<~_eExob0+/\\\té😀\u00a0',
    'null',
    'true',
  )
  const text = fc.oneof(
    fc.array(characters, { maxLength: 8 }).map(parts => parts.join('')),
    fc.string(),
  )
  fc.assert(
    fc.property(text, text => {
      fc.pre(isPlainString(text))
      const tree = parse(
        `- ${text} # a\n- [${text}, ${text}]\n- {key one: ${text}, ${text}: C}\n- ${text}: D\n  key two: ${text}\n`,
      )
      expect(dataOf(tree, tree.root)).toEqual([
        text,
        [text, text],
        { 'key one': text, [text]: 'C' },
        { [text]: 'D', 'key two': text },
      ])
    }),
    { numRuns: 3000 },
  )
})

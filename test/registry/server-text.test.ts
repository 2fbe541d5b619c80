import fc from 'fast-check'
import { quoteServerText } from '../../src/registry/server-text.ts'

test.each([
  ['plain', 'plain'],
  ['  two\n lines\t', 'two lines'],
  ['\u001b[31mred', '\\u{1b}[31mred'],
  ['a\u202eb\u200b', 'a\\u{202e}b\\u{200b}'],
  ['\u009b2J\u0000', '\\u{9b}2J\\u{0}'],
  ['ä 漢 😀', 'ä 漢 😀'],
  ['x'.repeat(301), `${'x'.repeat(300)}…`],
])('%j is shown as %j', (text, expected) => {
  expect(quoteServerText(text)).toBe(expected)
})

test('nothing that a terminal obeys ever passes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      text => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(quoteServerText(text)),
    ),
  )
})

import { crossesItems } from '../../../src/yaml/locate/crossing-anchors.ts'
import { scan } from '../../../src/yaml/locate/scan.ts'
import { spansOf } from '../../../src/yaml/locate/value-spans.ts'

/** Items are the lines between `|` signs, after text that is not an item. */
function crosses(text: string): boolean {
  const bounds = [...text.matchAll(/\|/g)].map(({ index }) => index)
  return crossesItems(
    scan(Buffer.from(text)),
    spansOf(
      bounds.slice(0, -1).map((start, index) => ({ start, end: bounds[index + 1] ?? 0, blank: 1 })),
    ),
  )
}

test.each([
  ['no anchors', '| a: b*c | d: *e |', false],
  ['anchors without aliases', '| a: &b c | d: &e f |', false],
  ['anchors used in their own item', '| a: &b c d: *b | a: &b c d: [*b] |', false],
  ['an anchor used in another item', '| a: &b c | d: *b |', true],
  ['an anchor used before it is defined', '| d: *b a: &b c |', true],
  ['an anchor of another item, hidden by a later one', '| &b | *b &b *b |', true],
  ['an anchor around the items', '&b | *b |', true],
  ['an anchor used around the items', '| &b | *b', true],
  ['indicators inside words', '| a&b c | d*b |', false],
  ['shell', '| a && b &c | d * e *.c |', false],
])('%s', (_name, text, expected) => {
  expect(crosses(text)).toBe(expected)
})

test('as many anchors as you like', () => {
  expect(crosses(`|${' &a *a'.repeat(50_000)}|`)).toBe(false)
})

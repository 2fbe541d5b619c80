import { itemsMentioning } from '../../../src/yaml/locate/items-mentioning.ts'
import { scan } from '../../../src/yaml/locate/scan.ts'
import { spansOf } from '../../../src/yaml/locate/value-spans.ts'
import { parse } from '../../fixtures/tree-facts.ts'

/** Which of the texts, one after the other, are itemsMentioning. */
function found(texts: readonly string[], mentions: readonly string[]): string[] {
  let start = 3
  const items = texts.map(text => {
    const item = { start, end: start + Buffer.byteLength(text), blank: 0 }
    start = item.end
    return item
  })
  const bytes = Buffer.from(`...${texts.join('')}${mentions.join('')}`)
  return [...itemsMentioning(scan(bytes), spansOf(items), mentions)].map(({ start, end }) =>
    bytes.toString('utf8', start, end),
  )
}

test.each([
  ['none', ['a\n', 'b\n'], ['x'], []],
  ['some, in order', ['ax\n', 'b\n', 'xx\n', 'cy\n'], ['y', 'x'], ['ax\n', 'xx\n', 'cy\n']],
  ['none across borders', ['a', 'b'], ['ab'], []],
  [
    'escapes that spell it',
    ['"\\x71"\n', '"\\x41"\n', '"\\u0071\\u0041"\n', '"a\\\nq"\n', '"q\\\n"\n', '"q\\/b"\n'],
    ['qA', 'aq', 'q/'],
    ['"\\u0071\\u0041"\n', '"a\\\nq"\n', '"q\\/b"\n'],
  ],
  ['no escapes that could not', ['"\\n\\t\\""', 'a\\b'], ['q'], []],
  [
    'what only begins like a long one',
    ['registry/b\n', 'registry/a\n', 'registr'],
    ['registry/a'],
    ['registry/a\n'],
  ],
  [
    'it after very many of those',
    ['registry/b '.repeat(1500), 'registry/b', 'registry/a', 'x'],
    ['registry/a'],
    ['registry/a'],
  ],
  ['all of them', ['a', 'b'], [''], ['a', 'b']],
  ['unicode before', ['é', 'x', 'ü'], ['x'], ['x']],
])('%s', (_name, texts, mentions, expected) => {
  expect(found(texts, mentions)).toEqual(expected)
})

test('an item that was parsed with the whole document may mention anything', () => {
  const tree = parse('a')
  expect([
    ...itemsMentioning(scan(tree.bytes), spansOf([{ start: 0, end: 1, blank: 0, tree }]), ['x']),
  ]).toHaveLength(1)
})

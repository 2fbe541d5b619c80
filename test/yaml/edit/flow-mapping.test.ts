import { editFlowMapping, flowSpacing } from '../../../src/yaml/edit/flow-mapping.ts'
import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { textOf } from '../../../src/yaml/tree/value.ts'
import { applied, parse } from '../../fixtures/tree-facts.ts'

/** The text after entries were inserted and those of some keys removed. */
function edited(
  text: string,
  insert: readonly (readonly [string, string])[],
  removed: readonly string[],
): string {
  const tree = parse(text)
  const mapping = tree.root as MappingNode
  const remove = new Set(mapping.entries.filter(({ key }) => removed.includes(textOf(tree, key))))
  return applied(text, editFlowMapping(tree.bytes, mapping, { insert, remove }))
}

const x = [['x', 'y']] as const

test.each([
  ['inserts after the last entry', '{a: b, c: d}', x, [], '{a: b, c: d, x: y}'],
  ['inserts into an empty mapping', '{}', x, [], '{x: y}'],
  ['inserts as JSON without spaces', '{"a":"b"}', [['"x"', '"y"']], [], '{"a":"b","x":"y"}'],
  ['separates a plain key by a space', '{"a":"b"}', x, [], '{"a":"b",x: y}'],
  ['inserts a line', '{\n  a: b,\n  c: d\n}', x, [], '{\n  a: b,\n  c: d,\n  x: y\n}'],
  ['removes the first entry', '{a: b, c: d}', [], ['a'], '{c: d}'],
  ['removes the last entry', '{a: b, c: d}', [], ['c'], '{a: b}'],
  ['removes all entries', '{a: b, c: d}', [], ['a', 'c'], '{}'],
  ['replaces all entries', '{a: b, c: d}', x, ['a', 'c'], '{x: y}'],
  ['removes and inserts', '{a: b, c: d, e: f}', x, ['a', 'e'], '{c: d, x: y}'],
  ['keeps a comma at the end', '{a: b,}', x, [], '{a: b, x: y,}'],
  [
    'does not move a comment after the last entry',
    '{\n  a: b, # c\n}',
    x,
    [],
    '{\n  x: y,\n  a: b, # c\n}',
  ],
  [
    'keeps the comment of an entry whose neighbour is removed',
    '{\n  a: b, # c\n  d: e\n}',
    [],
    ['d'],
    '{\n  a: b, # c\n  \n}',
  ],
] as const)('%s', (_name, text, insert, removed, expected) => {
  expect(edited(text, insert, removed)).toBe(expected)
})

test.each([
  ['{a: b, c: d}', { separator: ', ', colon: ': ', ownLines: false }],
  ['{"a":"b"}', { separator: ',', colon: ':', ownLines: false }],
  ['{}', { separator: ', ', colon: ': ', ownLines: false }],
  ['{\n  "a": "b"\n}', { separator: ',\n  ', colon: ': ', ownLines: true }],
  ['{\r\n\t"a":"b"\r\n}', { separator: ',\r\n\t', colon: ':', ownLines: true }],
  ['{"a": "b", "c": {\n}}', { separator: ', ', colon: ': ', ownLines: false }],
])('the spacing of %j', (text, expected) => {
  const { bytes, root } = parse(text)
  expect(flowSpacing(bytes, root as MappingNode)).toEqual(expected)
})

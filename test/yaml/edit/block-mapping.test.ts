import { editBlockMapping, indentOf } from '../../../src/yaml/edit/block-mapping.ts'
import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { nodeAt, textOf } from '../../../src/yaml/tree/value.ts'
import { applied, parse } from '../../fixtures/tree-facts.ts'

/** The text after entries of the mapping at `path` were inserted and those of some keys removed. */
function edited(
  text: string,
  path: readonly (string | number)[],
  insert: readonly (readonly [string, string])[],
  removed: readonly string[],
): string {
  const tree = parse(text)
  const mapping = nodeAt(tree, tree.root, path) as MappingNode
  const remove = new Set(mapping.entries.filter(({ key }) => removed.includes(textOf(tree, key))))
  const indent = indentOf(tree.bytes, mapping) ?? 0
  return applied(text, editBlockMapping(tree.bytes, mapping, indent, { insert, remove }))
}

const x = [['x: ', 'y']] as const

test.each([
  ['inserts a line after the last entry', 'a: b # c\n', [], x, [], 'a: b # c\nx: y\n'],
  ['inserts without a last line end', 'a: b', [], x, [], 'a: b\nx: y'],
  ['inserts with line ends of Windows', 'a: b\r\n', [], x, [], 'a: b\r\nx: y\r\n'],
  [
    'inserts at the indentation',
    'a:\n    b: c\nd: e\n',
    ['a'],
    x,
    [],
    'a:\n    b: c\n    x: y\nd: e\n',
  ],
  ['inserts after the last line of a value', 'a:\n- b\n- c\n', [], x, [], 'a:\n- b\n- c\nx: y\n'],
  ['inserts after a flow value', 'a: {b: [\n  c]}\n', [], x, [], 'a: {b: [\n  c]}\nx: y\n'],
  ['inserts after a block scalar', 'a: |\n  b\nc: d\n', [], x, ['c'], 'a: |\n  b\nx: y\n'],
  ['inserts before a block scalar at the end', 'a: |-\n  b', [], x, [], 'x: y\na: |-\n  b'],
  [
    'inserts before a block scalar that keeps blank lines',
    'a: |+\n  b\n\n',
    [],
    x,
    [],
    'x: y\na: |+\n  b\n\n',
  ],
  ['inserts below an entry without a key', 'a:\n  : b\n', ['a'], x, [], 'a:\n  : b\n  x: y\n'],
  ['replaces an entry without a key', 'a:\n  : b\nc: d\n', ['a'], x, [''], 'a:\n  x: y\nc: d\n'],
  [
    'inserts below keys with properties',
    'a:\n  &b c: d\n',
    ['a'],
    x,
    [],
    'a:\n  &b c: d\n  x: y\n',
  ],
  ['removes a key with its properties', 'a: b\n!!str &c d: e\n', [], [], ['d'], 'a: b\n'],
  ['inserts before a key with properties', '!!str a: |-\n  b', [], x, [], 'x: y\n!!str a: |-\n  b'],
  ['removes a line with its comment', 'a: b # c\nd: e\n', [], [], ['a'], 'd: e\n'],
  ['removes neighbours together', 'a: b\nc:\n  d\ne: f\n', [], [], ['a', 'c'], 'e: f\n'],
  ['removes the first entry of an item', '- a: b\n  c: d\n', [0], [], ['a'], '- c: d\n'],
  ['replaces all entries', '- a: b\n  c: d\n', [0], x, ['a', 'c'], '- x: y\n'],
  [
    'removes deeper comments that would become part of a block scalar',
    'a: |\n  b\nc: d\n  # e\n\nf: g\n',
    [],
    [],
    ['c'],
    'a: |\n  b\nf: g\n',
  ],
] as const)('%s', (_name, text, path, insert, removed, expected) => {
  expect(edited(text, path, insert, removed)).toBe(expected)
})

test.each([
  ['a: b\n', 0],
  ['  a: b\n', 2],
  ['- a: b\n', 2],
  ['- - a: b\n', 4],
  ['? a\n: b\n', undefined],
  ['&x a: b\n', 0],
])('the indentation of %j is %j', (text, indent) => {
  const tree = parse(text)
  let node = tree.root
  while (node?.kind === 'sequence') node = node.items[0]
  expect(indentOf(tree.bytes, node as MappingNode)).toBe(indent)
})

import type { AliasNode, MappingNode, SequenceNode } from '../../../src/yaml/tree/node.ts'
import { queryFor } from '../../../src/yaml/tree/query.ts'
import { entryOf, nodeAt, nodesAt } from '../../../src/yaml/tree/value.ts'
import { factsOf, parse, walk } from '../../fixtures/tree-facts.ts'

const text = 'a:\n  b: c\n  d: [e, {f: g}]\n'

test('nodes outlive the tape in the memory', () => {
  const tree = walk(text)
  const { entries } = tree.root as MappingNode
  walk('x: y\n')
  expect(entries).toHaveLength(1)
  expect(factsOf(tree)).toEqual(factsOf(parse(text)))
})

test('entries and items are made once', () => {
  const tree = walk(text)
  const root = tree.root as MappingNode
  expect(root.entries[0]).toBe(root.entries[0])
  expect(entryOf(tree, root, 'a')).toBe(root.entries[0])
  const inner = root.entries[0]?.value as MappingNode
  const list = inner.entries[1]?.value as SequenceNode
  expect(list.items).toBe(list.items)
})

test('with aliases, every way to a node leads to the same object', () => {
  const tree = walk('a: &x {b: &y [c]}\nd: *x\ne: [*y]\n')
  const root = tree.root as MappingNode
  const { to } = nodeAt(tree, root, ['d']) as AliasNode
  expect(to).toBe(nodesAt(tree, root, queryFor({ a: ['a'] })).a)
  expect((nodeAt(tree, root, ['e', 0]) as AliasNode).to).toBe(nodeAt(tree, root, ['d', 'b']))
  expect(tree.aliases).toEqual([nodeAt(tree, root, ['d']), nodeAt(tree, root, ['e', 0])])
  expect(tree.aliases[0]).toBe(nodeAt(tree, root, ['d']))
  expect({ ...tree }.aliases).toBe(tree.aliases)
})

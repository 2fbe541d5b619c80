import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { firstEntries, firstTest, scalarsOnLines } from '../../../src/yaml/tree/scalars-on-lines.ts'
import { textOf } from '../../../src/yaml/tree/value.ts'
import { parse } from '../../fixtures/tree-facts.ts'

const text = 'a: one\nb:\n- two\n- c: |\n    three\n    four\nd: [five, {e: six}]\nd: seven\n'

/** The texts of the scalars on the lines from the one with `from` to the one with `to`. */
function textsOn(from: string, to = from) {
  const tree = parse(text)
  const start = text.lastIndexOf('\n', text.indexOf(from)) + 1
  const end = text.indexOf('\n', text.indexOf(to)) + 1
  return scalarsOnLines(tree, tree.root as MappingNode, start, end).map(
    ({ path, node }) => `${path.join('.')}=${textOf(tree, node).trimEnd()}`,
  )
}

test.each([
  ['a value', 'one', 'one', ['a=one']],
  ['an item', 'two', 'two', ['b.0=two']],
  ['a scalar that only ends there', 'four', 'four', ['b.1.c=three\nfour']],
  ['several on a line', 'five', 'five', ['d.0=five', 'd.1.e=six']],
  ['several lines', 'one', 'two', ['a=one', 'b.0=two']],
  ['not the second of duplicate keys', 'seven', 'seven', []],
])('%s', (_name, from, to, expected) => {
  const onLine = textsOn(from, to)
  expect(onLine.filter(found => expected.includes(found))).toEqual(expected)
  expect(onLine.some(found => found.includes('seven'))).toBe(false)
})

test('nothing that ends before the lines or begins after them', () => {
  expect(textsOn('two')).not.toContainEqual(expect.stringMatching(/one|six/))
})

test.each([3, 20])('of the entries of %i keys, the first of each', count => {
  const lines = Array.from({ length: 2 * count }, (_, index) => `k${index % count}: ${index}\n`)
  const tree = parse(lines.join(''))
  const root = tree.root as MappingNode
  const firsts = root.entries.slice(0, count)
  expect([...firstEntries(tree, root).values()]).toEqual(firsts)
  const isFirst = firstTest(tree, root, count)
  expect(root.entries.filter(entry => isFirst(entry, textOf(tree, entry.key)))).toEqual(firsts)
})

import fc from 'fast-check'
import { listKeysFor } from '../../../src/yaml/tree/list-keys.ts'
import type { Located, MappingNode, SequenceNode, YamlNode } from '../../../src/yaml/tree/node.ts'
import { sequencesBelow } from '../../../src/yaml/tree/sequences-below.ts'
import { nodeAt, textOf } from '../../../src/yaml/tree/value.ts'
import { anchoredDocument } from '../../fixtures/odd-yaml.ts'
import { parse } from '../../fixtures/tree-facts.ts'

const keys = listKeysFor(['containers', 'a', 'é'])

const pathsIn = (text: string) => {
  const tree = parse(text)
  return sequencesBelow(tree, tree.root as MappingNode, keys).map(({ path }) => path.join('.'))
}

test.each([
  ['values of the keys, at any depth', 'a: [x]\nb:\n- c: {é: []}\n', ['a', 'b.0.c.é']],
  [
    'a sequence before those in it',
    'a:\n- a: []\n- containers: []\n',
    ['a', 'a.0.a', 'a.1.containers'],
  ],
  ['not the items themselves', 'b: [[], [a]]\n', []],
  ['not other values', 'a: b\ncontainers: {}\n', []],
  ['keys in quotes', '"a": []\n\'containers\': []\n"\\u00e9": []\n', ['a', 'containers', 'é']],
  ['of duplicate keys the first', 'b: {a: []}\nb: {a: []}\na: x\na: []\n', ['b.a']],
  ['not through aliases', 'b: &x {a: []}\nc: *x\na: *x\n', ['b.a']],
])('%s', (_name, text, paths) => {
  expect(pathsIn(text)).toEqual(paths)
})

test('of many duplicates, too, the first', () => {
  const lists = Array.from({ length: 50 }, (_, index) => `k${index % 25}: {a: []}\n`).join('')
  expect(pathsIn(lists)).toEqual(Array.from({ length: 25 }, (_, index) => `k${index}.a`))
})

test('they are the sequences that a walk over all nodes finds at their own paths', () => {
  fc.assert(
    fc.property(anchoredDocument, text => {
      const tree = parse(text)
      const root = tree.root as MappingNode
      const all: Located<SequenceNode>[] = []
      const visit = (node: YamlNode, path: readonly (string | number)[]): void => {
        if (node.kind === 'sequence') {
          if (keys.names.includes(path.at(-1) as string)) all.push({ path, node })
          for (const [index, item] of node.items.entries()) visit(item, [...path, index])
        } else if (node.kind === 'mapping')
          for (const { key, value } of node.entries) visit(value, [...path, textOf(tree, key)])
      }
      visit(root, [])
      const firsts = all.filter(({ path, node }) => nodeAt(tree, root, path) === node)
      expect(sequencesBelow(tree, root, keys)).toEqual(firsts)
    }),
    { numRuns: 300 },
  )
})

import fc from 'fast-check'
import { walkYaml } from '../../../src/yaml/parse/fast-reader.ts'
import { type ListKeys, listKeysFor } from '../../../src/yaml/tree/list-keys.ts'
import type { MappingNode, YamlTree } from '../../../src/yaml/tree/node.ts'
import { queryFor } from '../../../src/yaml/tree/query.ts'
import { scalarsOnLines } from '../../../src/yaml/tree/scalars-on-lines.ts'
import { sequencesBelow } from '../../../src/yaml/tree/sequences-below.ts'
import { entryOf, nodesAt, offsetOfText } from '../../../src/yaml/tree/value.ts'
import { anchoredDocument, keyedDocument, spelledKeys } from '../../fixtures/odd-yaml.ts'
import { factsOf, parse, walk, whole } from '../../fixtures/tree-facts.ts'

// A question to the tape must have the answer that the same question to the nodes of the full
// parser has.

/** The same text, read by both readers, if the fast one can read it. */
function bothTrees(text: string): readonly [fast: YamlTree, full: YamlTree] | undefined {
  const bytes = Buffer.from(text)
  return walkYaml(bytes, whole(bytes)) && [walk(text), parse(text)]
}

const rootOf = ({ root }: YamlTree) => root as MappingNode

const listKeys = listKeysFor(['containers', 'volumes', 'é'])
const otherListKeys = listKeysFor(['a', 'initContainers'])

const documents = fc.oneof(keyedDocument, anchoredDocument)

test.each([
  ['without', keyedDocument],
  ['with', anchoredDocument],
])('the generator %s anchors makes what the fast reader reads', (_name, document) => {
  const read = fc
    .sample(document, { numRuns: 300, seed: 1 })
    .flatMap(text => bothTrees(text)?.[0] ?? [])
  expect(read.length).toBeGreaterThan(280)
  expect(
    read.filter(tree => tree.index?.sequencesBelow(rootOf(tree), listKeys)?.length).length,
  ).toBeGreaterThan(30)
})

const queriedPaths = {
  a: ['a'],
  name: ['name'],
  umlaut: ['é'],
  below: ['a', 'b'],
  nameBelow: ['a', 'name'],
  deep: ['a', 'a', 'ab'],
  inList: ['containers', 'image'],
  volumes: ['volumes'],
  kind: ['kind'],
}
const queried = Object.keys(queriedPaths) as (keyof typeof queriedPaths)[]
const query = queryFor(queriedPaths)

const sequences = (keys: ListKeys) => (tree: YamlTree) =>
  sequencesBelow(tree, rootOf(tree), keys).map(({ path, node }) => [path, factsOf(tree, node)])

test.each<[string, (tree: YamlTree) => unknown]>([
  [
    'a key',
    tree =>
      spelledKeys
        .map(name => entryOf(tree, rootOf(tree), name))
        .map(entry => entry && factsOf(tree, entry.value)),
  ],
  [
    'several paths at once',
    tree =>
      queried.map(name => {
        const node = nodesAt(tree, rootOf(tree), query)[name]
        return [name, node && factsOf(tree, node)]
      }),
  ],
  ['the sequences below some keys', sequences(listKeys)],
  [
    'the sequences below some keys, then below others',
    tree => [listKeys, otherListKeys, listKeys].map(keys => sequences(keys)(tree)),
  ],
  [
    'the offsets of a text',
    tree => {
      const { bytes } = tree
      return Array.from({ length: 20 }, (_, from) =>
        offsetOfText(tree, rootOf(tree), 'a', 7 * from, bytes.length - from),
      )
    },
  ],
])('%s', (_name, ask) => {
  fc.assert(
    fc.property(documents, text => {
      const [fast, full] = bothTrees(text) ?? []
      if (fast && full) expect(ask(fast)).toEqual(ask(full))
    }),
    { numRuns: 1000 },
  )
})

test('the scalars on some lines', () => {
  fc.assert(
    fc.property(documents, fc.nat(), fc.nat(60), (text, from, length) => {
      const [fast, full] = bothTrees(text) ?? []
      const start = from % text.length
      const ask = (tree: YamlTree) =>
        scalarsOnLines(tree, rootOf(tree), start, start + length).map(({ path, node }) => [
          path,
          factsOf(tree, node),
        ])
      if (fast && full) expect(ask(fast)).toEqual(ask(full))
    }),
    { numRuns: 1000 },
  )
})

test('paths with the same steps are the same object', () => {
  const pathIn = (text: string) => {
    const tree = walk(text)
    return tree.index?.sequencesBelow(rootOf(tree), listKeys)?.[0]?.path
  }
  expect(pathIn('a:\n  containers: []\n')).toEqual(['a', 'containers'])
  expect(pathIn('b: 1\na:\n  containers: [x]\n')).toBe(pathIn('a:\n  containers: []\n'))
})

test('the index does not decide if keys are in quotes', () => {
  const tree = walk('"a": b\nname: c\n')
  const root = rootOf(tree)
  expect(tree.index?.nodesAt(root, query)).toBeUndefined()
  expect(tree.index?.scalarsOnLines(root, 0, 20)).toBeUndefined()
  expect(tree.index?.entryOf(root, 'name')).toBeDefined()
})

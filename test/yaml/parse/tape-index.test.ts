import fc, { type Arbitrary } from 'fast-check'
import { resourcesOf } from '../../../src/krm/resource.ts'
import { findPodImages } from '../../../src/targets/pod-images.ts'
import { walkYaml } from '../../../src/yaml/parse/fast-reader.ts'
import type { MappingNode, YamlTree } from '../../../src/yaml/tree/node.ts'
import { type Query, queryFor } from '../../../src/yaml/tree/query.ts'
import { scalarsOnLines } from '../../../src/yaml/tree/scalars-on-lines.ts'
import { entryOf, nodesAt } from '../../../src/yaml/tree/value.ts'
import { documentOf } from '../../fixtures/document.ts'
import { factsOf, parse, walk, whole } from '../../fixtures/tree-facts.ts'

// What is asked of the tape must have the answer that the same question to the full parser's tree has.

const names = [
  'a',
  'ab',
  'name',
  'image',
  'containers',
  'initContainers',
  'ephemeralContainers',
  'volumes',
  'reference',
  'é',
  '"a"',
  '"containers"',
  "'é'",
  '"\\u0061"',
]
const key = fc.constantFrom(...names)
const scalar = fc.constantFrom('x', 'app:v1', '"y"', "'z'", '', '|\n      t', '"a\n      b"')

/** A value behind its key or dash, with its lines indented by so many spaces. */
const value: fc.Memo<(indent: number) => string> = fc.memo(depth => {
  const leaf = scalar.map(
    text => () => ` ${text.replaceAll('\n      ', `\n${' '.repeat(40)}`)}`.trimEnd(),
  )
  if (depth <= 1) return leaf
  const margin = (indent: number) => `\n${' '.repeat(indent)}`
  const mapping = fc
    .array(fc.tuple(key, value()), { minLength: 1, maxLength: 4 })
    .map(
      entries => (indent: number) =>
        entries.map(([name, write]) => `${margin(indent)}${name}:${write(indent + 2)}`).join(''),
    )
  const sequence = fc
    .array(value(), { minLength: 1, maxLength: 3 })
    .map(
      items => (indent: number) =>
        items.map(write => `${margin(indent)}-${write(indent + 2)}`).join(''),
    )
  const flow = fc.constantFrom(
    '{}',
    '[]',
    '{a: x, a: y, image: z}',
    '[x, {name: n, "image": y}]',
    '{containers: [{image: x}, {image: {reference: z}}]}',
  )
  return fc.oneof(
    { weight: 4, arbitrary: mapping },
    { weight: 2, arbitrary: sequence },
    { weight: 1, arbitrary: flow.map(text => () => ` ${text}`) },
    { weight: 2, arbitrary: leaf },
  )
})

const document: Arbitrary<string> = fc
  .array(fc.tuple(key, value(5)), { minLength: 1, maxLength: 4 })
  .map(
    entries =>
      `apiVersion: v1\nkind: Pod\n${entries.map(([name, write]) => `${name}:${write(2)}\n`).join('')}`,
  )

/** The same text by both roads, where the walker takes it. */
function bothTrees(text: string): readonly [walked: YamlTree, parsed: YamlTree] | undefined {
  const bytes = Buffer.from(text)
  return walkYaml(bytes, whole(bytes)) && [walk(text), parse(text)]
}

const rootOf = ({ root }: YamlTree) => root as MappingNode

test('the generator makes what the walker reads', () => {
  const read = fc
    .sample(document, { numRuns: 300, seed: 1 })
    .flatMap(text => bothTrees(text)?.[0] ?? [])
  expect(read.length).toBeGreaterThan(280)
  expect(
    read.flatMap(tree => resourcesOf(tree, documentOf(tree.bytes)).flatMap(findPodImages)).length,
  ).toBeGreaterThan(100)
})

test.each([
  [
    'a key',
    (tree: YamlTree) =>
      names
        .map(name => entryOf(tree, rootOf(tree), name))
        .map(entry => entry && factsOf(tree, entry.value)),
  ],
  ['several paths at once', (tree: YamlTree) => nodeFacts(tree, query)],
  [
    'the images of pods',
    (tree: YamlTree) =>
      resourcesOf(tree, documentOf(tree.bytes))
        .flatMap(findPodImages)
        .map(({ path, text, name, node }) => [path, text, name, node.start]),
  ],
])('%s', (_name, ask) => {
  fc.assert(
    fc.property(document, text => {
      const [walked, parsed] = bothTrees(text) ?? []
      if (walked && parsed) expect(ask(walked)).toEqual(ask(parsed))
    }),
    { numRuns: 1000 },
  )
})

const query = queryFor({
  a: ['a'],
  name: ['name'],
  umlaut: ['é'],
  below: ['a', 'b'],
  nameBelow: ['a', 'name'],
  deep: ['a', 'a', 'ab'],
  inList: ['containers', 'image'],
  volumes: ['volumes'],
  kind: ['kind'],
})

const nodeFacts = (tree: YamlTree, query: Query) =>
  Object.entries(nodesAt(tree, rootOf(tree), query)).map(([name, node]) => [
    name,
    node && factsOf(tree, node),
  ])

test('the scalars of some lines', () => {
  fc.assert(
    fc.property(document, fc.nat(), fc.nat(60), (text, from, length) => {
      const [walked, parsed] = bothTrees(text) ?? []
      const start = from % text.length
      const ask = (tree: YamlTree) =>
        scalarsOnLines(tree, rootOf(tree), start, start + length).map(({ path, node }) => [
          path,
          factsOf(tree, node),
        ])
      if (walked && parsed) expect(ask(walked)).toEqual(ask(parsed))
    }),
    { numRuns: 1000 },
  )
})

test('nodes outlive the tape', () => {
  const text = 'a:\n  b: c\n  d: [e, {f: g}]\n'
  const first = walk(text)
  const { entries } = rootOf(first)
  walk('x: y\n')
  expect(entries).toHaveLength(1)
  expect(factsOf(first)).toEqual(factsOf(parse(text)))
})

test('more names than the memory keeps', () => {
  const name = (index: number) => `${'x'.repeat(200)}-${index}`
  const text = Array.from({ length: 400 }, (_, index) => `${name(index)}: ${index}\n`).join('')
  const tree = walk(text)
  for (let index = 0; index < 400; index++)
    expect(entryOf(tree, rootOf(tree), name(index))?.key.start).toBe(
      text.indexOf(`${name(index)}:`),
    )
  expect(entryOf(tree, rootOf(tree), name(400))).toBeUndefined()
  expect(nodeFacts(tree, queryFor({ none: [name(401)], some: [name(7)] }))).toEqual([
    ['none', undefined],
    ['some', expect.objectContaining({ text: '7' })],
  ])
})

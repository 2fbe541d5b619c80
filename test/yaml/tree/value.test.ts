import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { dataOf, entryOf, isMergeKey, nodeAt, textOf } from '../../../src/yaml/tree/value.ts'
import { parse, walk } from '../../fixtures/tree-facts.ts'

const dataIn = (text: string) => {
  const tree = parse(text)
  return dataOf(tree, tree.root)
}

describe('the plain value', () => {
  test.each([
    [
      'scalars',
      'a: 1\nb: "1"\nc: true\nd:\ne: 2024-01-01\n',
      { a: 1, b: '1', c: true, d: null, e: '2024-01-01' },
    ],
    ['collections', 'a: [b, {c: d}]\ne:\n- f\n', { a: ['b', { c: 'd' }], e: ['f'] }],
    ['aliases', 'a: &x {b: c}\nd: *x\n', { a: { b: 'c' }, d: { b: 'c' } }],
    [
      'a merge, its own keys first',
      'a: &x {b: 1, c: 2}\nd: {b: 3, <<: *x}\n',
      { a: { b: 1, c: 2 }, d: { b: 3, c: 2 } },
    ],
    [
      'several merges, the first first',
      '- &x {a: 1}\n- &y {a: 2, b: 3}\n- <<: [*x, *y]\n',
      [{ a: 1 }, { a: 2, b: 3 }, { a: 1, b: 3 }],
    ],
    [
      'a merge of a merge',
      '- &x {a: 1}\n- &y {<<: *x, b: 2}\n- {<<: *y}\n',
      [{ a: 1 }, { b: 2, a: 1 }, { b: 2, a: 1 }],
    ],
    [
      'a merge as kpt writes it',
      'a: &x {b: c}\nd:\n  !!merge <<: *x\n',
      { a: { b: 'c' }, d: { b: 'c' } },
    ],
    ['a quoted merge key, which is none', 'a: {"<<": {b: c}}\n', { a: { '<<': { b: 'c' } } }],
    ['duplicate keys: the first', 'a: 1\na: 2\n', { a: 1 }],
    [
      'keys that are not strings, as written',
      '1: a\n~: b\n[c, d]: e\n',
      { 1: 'a', '~': 'b', '[c, d]': 'e' },
    ],
    ['nothing', '# a\n', undefined],
  ])('of %s', (_name, text, value) => {
    expect(dataIn(text)).toEqual(value)
  })

  test('a key can have any name', () => {
    const value = dataIn('__proto__: {polluted: true}\nconstructor: a\n')
    expect(Object.entries(value as object)).toEqual([
      ['__proto__', { polluted: true }],
      ['constructor', 'a'],
    ])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${[1, 2, 3, 4, 5, 6, 7]
    .map(
      n =>
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]\n`,
    )
    .join('')}`
  const merges = `a0: &a0 {x: y}\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}]}\n`).join('')}`
  test.each([
    ['aliases that multiply', bomb],
    ['merges that multiply', merges],
    ['an alias inside its anchor', '&a [*a]\n'],
    ['a merge of itself', '&a {<<: *a}\n'],
  ])('%s are refused, not expanded', (_name, text) => {
    expect(() => dataIn(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})

describe('finding', () => {
  const text =
    'metadata: {"name": web}\nspec:\n- &a\n  image: b\n- *a\n- |\n  c\n"é": 1\nname: x\nname: y\n'
  const tree = parse(text)
  const at = (...path: (string | number)[]) => {
    const node = nodeAt(tree, tree.root, path)
    return node && textOf(tree, node)
  }

  test.each([
    [['metadata', 'name'], 'web'],
    [['spec', 0, 'image'], 'b'],
    [['spec', 1, 'image'], 'b'],
    [['spec', 2], 'c\n'],
    [['é'], '1'],
    [['name'], 'x'],
    [['metadata'], ''],
    [['metadata', 'name', 'x'], undefined],
    [['spec', 3], undefined],
    [['spec', 'image'], undefined],
    [[0], undefined],
    [['nothing'], undefined],
  ])('%j', (path, found) => {
    expect(at(...path)).toBe(found)
  })

  test('keys are found in a tree of the fast reader too, quoted or not', () => {
    const tree = walk('a: 1\n"b": 2\n\'c\': 3\n"\\u0064": 4\nab: 5\n')
    expect(
      ['a', 'b', 'c', 'd', 'ab', 'e'].map(key => entryOf(tree, tree.root, key)?.value.start),
    ).toEqual([3, 10, 17, 29, 35, undefined])
  })
})

test('which keys merge', () => {
  const tree = parse('<<: a\n"<<": b\n!!merge <<: c\n!!str <<: d\nx: e\n')
  expect((tree.root as MappingNode).entries.map(({ key }) => isMergeKey(tree, key))).toEqual([
    true,
    false,
    true,
    false,
    false,
  ])
})

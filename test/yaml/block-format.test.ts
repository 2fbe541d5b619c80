import fc from 'fast-check'
import { formatSequence } from '../../src/yaml/block-format.ts'
import { dataOf } from '../../src/yaml/value.ts'
import { parse } from './tree-facts.ts'

const linesOf = (key: string, items: readonly object[], indent = 0, dashIndent = 0, lineBreak = '\n') =>
  [...formatSequence(key, items, indent, dashIndent, lineBreak)].join('')

test.each([
  ['scalars', [{ b: 'c', d: 42, e: null, f: true }], 'a:\n- b: c\n  d: 42\n  e: null\n  f: true\n'],
  ['ambiguous strings', [{ b: '42', on: 'c: d' }], 'a:\n- b: "42"\n  "on": "c: d"\n'],
  ['empty collections', [{}, { b: [], c: {} }, { d: undefined }], 'a:\n- {}\n- b: []\n  c: {}\n- {}\n'],
  ['mappings', [{ b: { c: 'd', e: { f: 'g' } } }], 'a:\n- b:\n    c: d\n    e:\n      f: g\n'],
  ['sequences', [{ b: ['c', { d: 'e', f: 'g' }] }], 'a:\n- b:\n    - c\n    - d: e\n      f: g\n'],
  ['sequences in sequences', [['b', ['c', 'd']], 'e'], 'a:\n- - b\n  - - c\n    - d\n- e\n'],
  ['keys without a value', [{ b: undefined, c: 1 }], 'a:\n- c: 1\n'],
])('%s', (_name, items, expected) => {
  expect(linesOf('a', items as object[])).toBe(expected)
})

test('indented, with indented dashes, in lines of windows', () => {
  expect(linesOf('a', [{ b: { c: 'd' } }], 2, 2, '\r\n')).toBe('  a:\r\n    - b:\r\n        c: d\r\n')
})

test('each element is a piece of its own', () => {
  expect([...formatSequence('a', [{ b: 1 }, { c: 2 }], 0, 0, '\n')]).toEqual(['a:\n', '- b: 1\n', '- c: 2\n'])
})

test('any value of JSON comes back', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(4), fc.nat(3), (key, items, indent, dashIndent) => {
      const tree = parse(linesOf(key, items as object[], indent, dashIndent))
      // JSON has no -0
      expect(JSON.stringify(dataOf(tree, tree.root))).toBe(JSON.stringify(Object.fromEntries([[key, items]])))
    }),
    { numRuns: 500 },
  )
})

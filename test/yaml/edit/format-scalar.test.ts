import fc from 'fast-check'
import { formatScalar, quote, replaceScalar } from '../../../src/yaml/edit/format-scalar.ts'
import type { ScalarNode } from '../../../src/yaml/tree/node.ts'
import { dataOf, nodeAt } from '../../../src/yaml/tree/value.ts'
import { applied, parse } from '../../fixtures/tree-facts.ts'

/** The text after the scalar at a path was replaced. */
function replaced(yaml: string, path: readonly (string | number)[], text: string): string {
  const tree = parse(yaml)
  const node = nodeAt(tree, tree.root, path)
  if (node?.kind !== 'scalar') throw new Error('no scalar')
  return applied(yaml, [replaceScalar(tree, node, text)])
}

describe('a scalar is replaced', () => {
  test.each([
    ['plain', 'a: b # c\n', 'd:1', 'a: d:1 # c\n'],
    ['plain by what must be quoted', 'a: b # c\n', '1.20', 'a: "1.20" # c\n'],
    ['plain over lines', 'a: b\n  c # d\ne: f\n', 'x', 'a: x # d\ne: f\n'],
    ['in single quotes', "a: 'b'\n", "it's", "a: 'it''s'\n"],
    ['in single quotes by text that they cannot express', "a: 'b'\n", 'c\nd', 'a: "c\\nd"\n'],
    ['in double quotes', 'a: "b"\n', 'c"d\\', 'a: "c\\"d\\\\"\n'],
    ['by nothing', 'a: b\n', '', 'a: ""\n'],
    ['with its anchor kept', 'a: &x b\nc: *x\n', 'd', 'a: &x d\nc: *x\n'],
    ['with its tag kept', 'a: !!str b\n', 'd', 'a: !!str d\n'],
    ['literal', 'a: | # c\n    b\n\nd: e\n', 'x:1', 'a: |- # c\n    x:1\n\nd: e\n'],
    ['literal that keeps', 'a: |+\n  b\n\nd: e\n', 'x', 'a: |-\n  x\n\nd: e\n'],
    ['literal by a line', 'a: |-\n  b\n  c\nd: e\n', 'x\n', 'a: |\n  x\nd: e\n'],
    ['literal after a blank line', 'a: |\n\n  b\nd: e\n', 'x', 'a: |-\n  x\nd: e\n'],
    ['folded', 'a: >\n  b\n  c\n', 'x', 'a: >-\n  x\n'],
    ['literal of Windows', 'a: |\r\n  b\r\nc: d\r\n', 'x', 'a: |-\r\n  x\r\nc: d\r\n'],
    [
      'literal by text that it cannot express',
      'a: | # c\n  b\nd: e\n',
      ' x\n y',
      'a: " x\\n y" # c\nd: e\n',
    ],
    ['literal without lines', 'a: |\nd: e\n', 'x', 'a: "x"\nd: e\n'],
    ['absent', 'a:\nb: c\n', 'x', 'a: x\nb: c\n'],
    ['absent before a comment', 'a: # c\n', 'x', 'a: x # c\n'],
    ['absent with an anchor', 'a: &b # c\n', 'x', 'a: &b x # c\n'],
    ['absent in a flow mapping', '{a: , b: c}\n', 'x', '{a: x , b: c}\n'],
    ['absent with its colon', '{a, b: c}\n', 'x', '{a: x, b: c}\n'],
    ['null', 'a: ~ # c\n', 'x', 'a: x # c\n'],
  ])('%s', (_name, yaml, text, expected) => {
    expect(replaced(yaml, ['a'], text)).toBe(expected)
    const tree = parse(expected)
    expect(dataOf(tree, nodeAt(tree, tree.root, ['a']))).toBe(text)
  })

  test('an absent item of a sequence', () => {
    expect(replaced('-\n- a\n', [0], 'x')).toBe('- x\n- a\n')
  })
})

test('afterwards the scalar has the new text, whatever it is, and nothing else has changed', () => {
  const before = [
    'a: b\n',
    "a: 'b' # c\n",
    'a: "b"\n',
    'a: |\n  b\n',
    'a: >- # c\n   b\n   c\n',
    'a:\n',
    '{a: b, c: d}\n',
    '{a: "b"}',
    'a: [b]\n',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...before),
      fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
      (yaml, text) => {
        const path = yaml.includes('[') ? ['a', 0] : ['a']
        const tree = parse(yaml)
        const node = nodeAt(tree, tree.root, path) as ScalarNode
        const after = parse(replaced(yaml, path, text))
        expect(dataOf(after, nodeAt(after, after.root, path))).toBe(text)
        const rest = tree.bytes.toString('utf8', node.end)
        expect(
          after.bytes.toString().startsWith(tree.bytes.toString('utf8', 0, node.start)) &&
            after.bytes.toString().endsWith(rest),
        ).toBe(true)
      },
    ),
    { numRuns: 1000 },
  )
})

test('double quotes express any text, in YAML and in JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const quoted = quote(text)
      expect(JSON.parse(quoted)).toBe(text)
      const tree = parse(`a: ${quoted}\n`)
      expect(dataOf(tree, tree.root)).toEqual({ a: text })
      expect(quoted).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]/)
    }),
  )
})

test.each([
  ['a', 'plain', 'a'],
  ['1', 'plain', '"1"'],
  ["it's", 'single', "'it''s'"],
  ['a\u0085', 'single', '"a\\u0085"'],
  ['a', 'double', '"a"'],
  ['a', 'literal', '"a"'],
] as const)('%j formatted as %s is %s', (text, style, expected) => {
  expect(formatScalar(text, style)).toBe(expected)
})

import { commentedScalars, linesAround } from '../../src/targets/commented-scalars.ts'
import type { MappingNode } from '../../src/yaml/tree/node.ts'
import { textOf } from '../../src/yaml/tree/value.ts'
import { parse } from '../fixtures/tree-facts.ts'

/**
 * The scalars with a comment that mentions `!`: path, text, comment, and the lines of the comment.
 */
function found(text: string) {
  const tree = parse(text)
  const offsets = [...text.matchAll(/!/g)].map(({ index }) => index)
  const lines = offsets.map(at => linesAround(tree, at))
  return commentedScalars(tree, tree.root as MappingNode, lines).map(scalar => [
    scalar.path.join('.'),
    textOf(tree, scalar.node),
    scalar.comment,
    text.slice(scalar.lines.start, scalar.lines.end).trim(),
  ])
}

test.each<readonly [string, string, readonly (readonly string[])[]]>([
  ['after a value', 'a: b # !\nc: d\n', [['a', 'b', '# !', 'a: b # !']]],
  ['after an item', 'a:\n- b # !\n- c\n', [['a.0', 'b', '# !', '- b # !']]],
  ['above an item', 'a:\n# x\n# !\n- b\n', [['a.0', 'b', '# x\n# !', '# x\n# !']]],
  ['above a key', '# !\na: b\n', []],
  ['after a key', 'a: # !\n  b: c\n', []],
  ['after a quoted text on two lines', 'a: "b\n  c" # !\n', [['a', 'b c', '# !', 'c" # !']]],
  ['after a block scalar’s sign', 'a: |- # !\n  b\n', [['a', 'b', '# !', 'a: |- # !']]],
  ['in a block scalar', 'a: |\n  b # !\n', []],
  ['after a comma', '{a: b, # !\n c: d}\n', [['a', 'b', '# !', '{a: b, # !']]],
  ['after a bracket', 'a: [b] # !\n', []],
  ['after the first of duplicate keys', 'a: b # !\na: c\n', [['a', 'b', '# !', 'a: b # !']]],
  ['after the second of duplicate keys', 'a: b\na: c # !\n', []],
  ['after an alias', 'a: &x b\nc: *x # !\n', []],
])('%s', (_what, text, expected) => {
  expect(found(text)).toEqual(expected)
})

test.each([1, 2, 4, 5, 20])('%d of them are each found once, in order', count => {
  const line = (index: number) => `k${index}: v${index} # !\nx${index}: y\n`
  const text = Array.from({ length: count }, (_, index) => line(index)).join('')
  expect(found(text).map(([path]) => path)).toEqual(
    Array.from({ length: count }, (_, index) => `k${index}`),
  )
})

import type { MappingNode, ScalarStyle } from '../../../src/yaml/tree/node.ts'
import { decodeScalar } from '../../../src/yaml/tree/scalar-text.ts'
import { parse, walk } from '../../fixtures/tree-facts.ts'

/** The text of the value of `a: <yaml>`. */
function textOfValue(yaml: string): {
  style: ScalarStyle
  text: string
  parsed: string | undefined
} {
  const tree = walk(`a: ${yaml}`)
  const value = (tree.root as MappingNode).entries[0]?.value
  const parsed = (parse(`a: ${yaml}`).root as MappingNode).entries[0]?.value
  if (value?.kind !== 'scalar' || parsed?.kind !== 'scalar') throw new Error('no scalar')
  return { style: value.style, text: decodeScalar(tree.bytes, value), parsed: parsed.text }
}

test.each([
  ['plain', 'b c # d', 'b c'],
  ['plain', 'b\n  c\n\n\n  d', 'b c\n\nd'],
  ['plain', 'b\r\n  c\r\n\r\n  d', 'b c\nd'],
  ['plain', '', ''],
  ['single', "''", ''],
  ['single', "'it''s \\n'", "it's \\n"],
  ['single', "' b \n  c\n\n  d '", ' b c\nd '],
  ['double', '"\\t\\"\\\\\\/\\x41\\u00e9\\U0001F600\\N\\_"', '\t"\\/Aé😀\x85\xa0'],
  ['double', '"\\ud83d\\ude00"', '😀'],
  ['double', '"b \n  c\n\n  d"', 'b c\nd'],
  ['double', '"b\\\n  c"', 'bc'],
  ['double', '"b \\\n  \\ c"', 'b  c'],
  ['double', '"b\\ \n  c"', 'b  c'],
  ['double', '"b\\\\ \n  c"', 'b\\ c'],
  ['double', '"\n  b\n  "', ' b '],
  ['double', '"b\r\n  c\\\r\n  d"', 'b cd'],
  ['literal', '|\n  b\n\n   c\n', 'b\n\n c\n'],
  ['literal', '|-\n  b\n  c\n\n', 'b\nc'],
  ['literal', '|+\n  b\n\n \n', 'b\n\n\n'],
  ['literal', '|\n\n  b # c\n', '\nb # c\n'],
  ['literal', '|\r\n  b\r\n  c\r\n', 'b\nc\n'],
  ['literal', '|\n  b', 'b\n'],
  ['folded', '>\n  b\n  c\n\n  d\n', 'b c\nd\n'],
  ['folded', '>-\n  b\n   c\n  d\n', 'b\n c\nd'],
  ['folded', '>\n  b\n\n   c\n\n  d\n', 'b\n\n c\n\nd\n'],
  ['folded', '>\n\n\n  b\n  c\n', '\n\nb c\n'],
  ['folded', '>+\n  b\n\n', 'b\n\n'],
] as const)('the text of a %s scalar %j is %j', (style, yaml, text) => {
  expect(textOfValue(yaml)).toEqual({ style, text, parsed: text })
})

test('the time for many spaces grows only with their number', () => {
  const spaces = ' '.repeat(100_000)
  expect(textOfValue(`"b${spaces}\n${spaces}c${spaces}d"`).text).toBe(`b c${spaces}d`)
})

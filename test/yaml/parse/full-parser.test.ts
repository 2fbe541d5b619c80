import type { AliasNode, MappingNode, ScalarNode } from '../../../src/yaml/tree/node.ts'
import { factsOf, parse } from '../../fixtures/tree-facts.ts'

/** The value of the first entry of a document. */
const valueIn = (text: string) => {
  const value = (parse(text).root as MappingNode).entries[0]?.value
  if (!value) throw new Error('no value')
  return value
}

describe('ranges are in bytes', () => {
  test.each([
    ['a plain scalar', 'ü: é b # c\n', 'é b'],
    ['quotes, with them', "ü: 'é'  \n", "'é'"],
    ['an anchored value, without its anchor', 'ü: &é b\n', 'b'],
    ['a tagged value, without its tag', 'ü: !!str b\n', 'b'],
    [
      'a literal scalar, to the end of its last line',
      'ü: | # é\n  b\n  c \n\n# d\n',
      '| # é\n  b\n  c ',
    ],
    ['a literal scalar of Windows', 'ü: |\r\n  b\r\n\r\nc: d\r\n', '|\r\n  b'],
    ['a block mapping', 'ü:\n  é: b\n  c: d # e\n\nf: g\n', 'é: b\n  c: d'],
    ['a block sequence, from its first dash', 'ü:\n- é\n- b\n', '- é\n- b'],
    ['a flow mapping, with its brackets', 'ü: {é: b} # c\n', '{é: b}'],
    ['an alias', 'a: *b\n'.replace('a:', '&b a:'), '*b'],
    ['a document with a byte order mark', '\ufeffa: [b,\n c]\n', '[b,\n c]'],
  ])('%s', (_name, text, expected) => {
    const { start, end } = valueIn(text)
    expect(Buffer.from(text).toString('utf8', start, end)).toBe(expected)
  })
})

describe('an absent value is directly after its indicator', () => {
  test.each([
    ['a key', 'a:\nb: c\n', 'a:'],
    ['a key with spaces and a comment after it', 'a:   # b\n', 'a:'],
    ['an anchor', 'a: &b\nc: d\n', 'a: &b'],
    ['a tag', 'a: !!null # b\n', 'a: !!null'],
    ['a key in a flow mapping', '{a: , b: c}\n', '{a:'],
    ['a key without a colon', '{a, b}\n', '{a'],
  ])('%s', (_name, text, before) => {
    const value = valueIn(text) as ScalarNode
    expect([value.start, value.end, value.style, value.text]).toEqual([
      before.length,
      before.length,
      'plain',
      '',
    ])
  })
})

test('an alias refers to the last anchor before it', () => {
  const { root } = parse('- &a b\n- *a\n- &a c\n- *a\n')
  if (root?.kind !== 'sequence') throw new Error()
  expect(root.items.map(item => (item.kind === 'alias' ? item.to.start : item.start))).toEqual([
    5, 5, 17, 17,
  ])
})

test('an alias can lead to the collection around it', () => {
  const tree = parse('&a [b, *a]\n')
  const { root } = tree
  if (root?.kind !== 'sequence') throw new Error()
  expect((root.items[1] as AliasNode).to).toBe(root)
  expect(tree.aliases).toEqual([root.items[1]])
})

test('tags are as written, short', () => {
  expect([
    valueIn('a: !!str b\n').tag,
    valueIn('a: !b c\n').tag,
    valueIn('!!merge <<: b\n').tag,
  ]).toEqual(['!!str', '!b', undefined])
  const [entry] = (parse('!!merge <<: b\n').root as MappingNode).entries
  expect(entry?.key.tag).toBe('!!merge')
})

test('a pair in a flow sequence is a mapping', () => {
  const tree = parse('[a: b]\n')
  expect(factsOf(tree)).toMatchObject({
    items: [{ kind: 'mapping', flow: true, start: 1, end: 5 }],
  })
})

test.each(['', '# a\n', '---\n', '--- # a\n...\n'])('%j has no root', text => {
  expect(parse(text).root).toBeUndefined()
})

describe('refused', () => {
  test.each([
    ['an alias without anchor', 'a: *b\n', '1:4: must name an anchor that comes before it'],
    ['an anchor that comes later', 'a: *b\nc: &b d\n', '1:4: must name an anchor'],
    ['a quote without end', 'a: "b\n', 'must be YAML: Missing closing "quote'],
    [
      'a mapping in a value',
      'a: b: c\n',
      '1:4: must be YAML: Nested mappings are not allowed in compact mappings',
    ],
    ['a second document', 'a: b\n---\nc: d\n', '2:1: must be one YAML document, found another'],
    [
      'deep flow',
      `a: ${'['.repeat(600)}${']'.repeat(600)}`,
      'must not be nested more than 500 levels deep',
    ],
    ['very deep flow', '{a: '.repeat(100_000), 'must not be nested more than 500 levels deep'],
    ['deep blocks', '- '.repeat(5000), 'must not be nested more than 500 levels deep'],
  ])('%s', (_name, text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining(message) }),
    )
  })
})

test('a nesting of 400 levels is read', () => {
  expect(parse(`${'['.repeat(400)}${']'.repeat(400)}`).root?.kind).toBe('sequence')
})

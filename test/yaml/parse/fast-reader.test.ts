import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { scan } from '../../../src/yaml/locate/scan.ts'
import { outlineStream } from '../../../src/yaml/locate/stream-outline.ts'
import { walkYaml } from '../../../src/yaml/parse/fast-reader.ts'
import { dataOf } from '../../../src/yaml/tree/value.ts'
import { brokenDocument, lineSoup, oddDocument } from '../../fixtures/odd-yaml.ts'
import { bothReaders, isLenient, parse, walk, whole } from '../../fixtures/tree-facts.ts'

/** If the fast reader answers, its answer is that of the full parser. Returns whether it did. */
function agree(bytes: Buffer, span = whole(bytes)): boolean {
  const { fast, full } = bothReaders(bytes, span)
  if (fast === undefined || isLenient(full)) return false
  expect(fast).toEqual(full)
  return true
}

describe('the fast reader reads', () => {
  test.each([
    ['a mapping', 'a: b\nc: d\n'],
    ['a mapping without a last line end', 'a: b\nc: d'],
    ['nested mappings', 'a:\n  b:\n    c: d\n  e: f\n'],
    ['a sequence below its key', 'a:\n  - b\n  - c: d\n    e: f\n'],
    ['a sequence in the column of its key', 'a:\n- b\n- c: d\n  e: f\ng: h\n'],
    ['sequences in sequences', '- - a\n  - b\n-   - c\n'],
    ['absent values', 'a:\nb: # c\nc:\n-\n- # c\n'],
    ['comments and blank lines', '# a\n\na: b # c\n  # d\n\n# e\nc: d\n# f\n'],
    ['quotes', `a: "b: # \\" c"\n'd': 'e'' # f'\n"g h": ''\n`],
    ['quotes over several lines', `a: "b\n\n  c \\\n  d"\ne: 'f\n  g'\n`],
    ['escapes', 'a: "\\x41\\u00e9\\U0001F600\\/\\t\\ud83d\\ude00"\n'],
    ['plain scalars over several lines', 'a: b c\n  d\n\n  e: f\n'.replace('e: f', 'e')],
    ['literal scalars', 'a: |\n  b\n   c\n\n  d\ne: |-\n    f\ng: |+\n  h\n\n'],
    [
      'indentation indicators',
      'a: |2\n   b\n  c\nd:\n- >1-\n   e\n- - f: |+1\n      g\n\n- !h |2\n    i\n',
    ],
    ['folded scalars', 'a: >\n  b\n  c\n\n  d\n   e\n  f\ng: >- # h\n  i\n'],
    ['flow collections', 'a: {b: c, "d":1, e: [f, g, {h: "i"}]}\nj: []\nk: {}\n'],
    [
      'flow collections over several lines',
      'a: {\n    b: c, # d\n    e: [\n      f,\n    ],\n  }\n',
    ],
    ['a closing bracket in the column of its key', 'a:\n  b: [\n    c\n  ]\n'],
    ['JSON indented with tabs', '{\n\t"a": 1,\n\t"b": [\n\t\t2\n\t]\n}\n'],
    ['commented-out entries', 'a:\n#- b\nc:\n  #d\n  e: f\ng:\n#- h\n- i: j\n'],
    ['JSON', '{"a": [1, true, null, {"b": "c"}],\n "d": {}}\n'],
    ['indicators inside plain scalars', 'a: b:c d#e f,g]h "i\nj: --k\nl: ?m\nn: :o\n'],
    ['Windows line ends', 'a: b\r\nc: |\r\n  d\r\n  e\r\nf: "g\r\n  h"\r\n'],
    ['a byte order mark', '\ufeffa: b\n'],
    ['unicode', 'é: ü # 😀\n"😀": 漢字\n'],
    ['a tab before a comment', 'a: b\t# c\n'],
    ['tabs after a colon', 'a:\tb\nc: \t d\ne:\t# f\n  g:\t{h:\ti}\n'],
    ['the markers of a document', '# a\n--- # b\nc: d\n... # e\n# f\n'],
    ['duplicate keys', 'a: b\na: c\n'],
    ['anchors and aliases', 'a: &b c\nd: *b\ne: &f {g: *b}\nh: [*f, &b i, *b]\nj: *b\n'],
    ['anchors of block collections', 'a: &b # c\n  d: e\nf: &g\n- *b\n- &h\n  i: *g\nj: *h\n'],
    ['an alias inside its anchor', 'a: &b\n  c: *b\n'],
    ['anchors of keys', '&a b: c\n&d "e": *a\nf:\n- &g h: i\n  j: *g\n'],
    ['merge keys', 'a: &b {c: d}\ne:\n  <<: *b\nf:\n  !!merge <<: [*b, *b]\n'],
    ['tags', 'a: !!str 1\nb: !c |\n  d\ne: !f\n- !g/h i\n- !!str\n- !k &l m\nn: !o [!p q]\n'],
    ['absent values with an anchor or a tag', 'a: &b\nc: !!null # d\ne: *b\n'],
    [
      'continuation lines that begin with an indicator',
      'a: b\n  "c"\n  - d\n  &e\n  *f [g {h !i\n',
    ],
    ['a continuation line like an item', '- a\n - b\n'],
    ['an indented document', '  a: b\n  c: d\n'],
    ['nothing', ''],
    ['nothing but comments', '# a\n---\n# b\n'],
  ])('%s', (_name, text) => {
    expect(agree(Buffer.from(text))).toBe(true)
  })

  test('an item after its dash', () => {
    const text = 'é: x\n  - a: b\n    c:\n    - d\n  # e\ntail'
    const start = Buffer.byteLength('é: x\n')
    const bytes = Buffer.from(text)
    expect(agree(bytes, { start, end: bytes.length - 'tail'.length, blank: 3 })).toBe(true)
  })

  test.each(['  # c\n  a: b\n', '\n  a: b\n', ' - x\n  - y\n', ' {a: b}\n', '   a: b\n    c: d\n'])(
    'an item that goes on as %j',
    rest => {
      expect(agree(Buffer.from(`-${rest}`), { start: 0, end: rest.length + 1, blank: 1 })).toBe(
        true,
      )
    },
  )

  test.each([' {a: b}\n', ' # c\n  a: b\n', '\n  - a\n'])('a value after its key: %j', rest => {
    expect(agree(Buffer.from(`key:${rest}`), { start: 0, end: rest.length + 4, blank: 4 })).toBe(
      true,
    )
  })

  const data = new URL('../data/', import.meta.url)
  test.each(readdirSync(data))('what hosts send: %s', name => {
    const bytes = readFileSync(new URL(name, data))
    for (const span of outlineStream(scan(bytes))) agree(bytes, span)
  })
})

describe('the fast reader leaves to the full parser', () => {
  test.each([
    ['aliases without an anchor before them', 'a: *b\nc: &b d\n'],
    ['unusual names of anchors', 'a: &b:c d\n'],
    ['tags with a handle, and verbatim ones', 'a: !b!c d\ne: !<x> f\n'],
    ['explicit keys', '? a\n: b\n'],
    ['directives', '%YAML 1.2\n---\na: b\n'],
    ['content on the `---` line', '--- a\n'],
    ['pairs in flow sequences', 'a: [b: c]\n'],
    ['flow keys', '{a: b}: c\n'],
    ['flow entries without a value', 'a: {b, c}\n'],
    ['tabs that indent', 'a:\n\tb\n'],
    ['tabs after a dash', '-\tb\n'],
    ['other line ends', 'a: b\rc: d\n'],
    ['control characters', 'a: b\x01\n'],
    ['bytes that are not UTF-8', Buffer.from('a: \xff\n', 'latin1')],
    ['a second byte order mark', '# a\n\ufeffb: c\n'],
    ['spaces that may be text of a block scalar', 'a: |\n  b\n     \n'],
    ['deep nesting', `${'['.repeat(101)}${']'.repeat(101)}`],
    ['deep blocks', '- '.repeat(101)],
    ['scalars alone', '"x"\n'],
    ['a comment left of an awaited value', 'a:\n#b\n  c\n'],
    ['the same in a sequence', '-\n#c\n  b\n- d\n'],
    ['very long keys', `${'a'.repeat(1001)}: b\n`],
  ])('%s', (_name, input) => {
    const bytes = Buffer.from(input as string)
    expect(walkYaml(bytes, whole(bytes))).toBeUndefined()
  })
})

test.each([
  ['a: "b\nc"\n', { a: 'b c' }],
  ["a:\n  b: 'c\n\n \td'\ne: f\n", { a: { b: 'c\nd' }, e: 'f' }],
  ['a:\n  - [b,\nc,\n\t{d:\n  e}\n]\n', { a: [['b', 'c', { d: 'e' }]] }],
])('as go-yaml, the fast reader accepts lines that are not indented enough: %j', (text, value) => {
  const tree = walk(text)
  expect(dataOf(tree, tree.root)).toEqual(value)
  expect(() => parse(text)).toThrow()
})

describe('the fast reader does not accept', () => {
  test.each([
    'a: b: c\n',
    'a: b\n c: d\n',
    'a: b\n  c: d\n',
    'a:\n  b: c\n d: e\n',
    '- a\nb: c\n',
    'a: b\n- c\n',
    'a: "b\n',
    'a: "b" c\n',
    'a: [b\n',
    'a: {b: c}}\n',
    'a: [b]c\n',
    'a: "\\q"\n',
    'a: "\\x4"\n',
    'a: - b\n',
    'a: @b\n',
    'a: %b\n',
    'a: b # c\n  d\n',
    'a: |\n b\n  - c\nd\n',
    'a: |\n   \n b\n',
    'a: b\n---\nc: d\n',
    'a: b\n...\nc: d\n',
    'a\n',
    'a: ]\n',
    '"a\n b": c\n',
    'a: b #c\n d\n',
    'a:\n  "b\n  c": d\n',
    '{a: b\n---\n}',
    'a: [b,#c\n d]\n',
    'a: {b: c d: e}\n',
    'a: |x\n  b\n',
  ])('%j', text => {
    const bytes = Buffer.from(text)
    expect(walkYaml(bytes, whole(bytes))).toBeUndefined()
  })
})

test.each([' a: b\n', ' - a\n', ' "a": b\n', ' -\n'])(
  'the fast reader does not accept after a key: %j',
  rest => {
    expect(
      walkYaml(Buffer.from(`key:${rest}`), { start: 0, end: rest.length + 4, blank: 4 }),
    ).toBeUndefined()
  },
)

describe('the fast reader agrees with the full parser on', () => {
  const around = fc.constantFrom('', 'é: \n')
  const runs = { numRuns: 1500 }

  /**
   * The share of texts that the fast reader answered: a reader that never answers would agree with
   * everybody.
   */
  function shareOf(texts: fc.Arbitrary<string>): number {
    let answered = 0
    fc.assert(
      fc.property(texts, around, fc.boolean(), (text, before, item) => {
        const bytes = Buffer.from(`${before}${text}${before === '' ? '' : 'tail: x\n'}`)
        const start = Buffer.byteLength(before)
        if (start > 0 && text.startsWith('\ufeff')) return
        const blank = item && /^-(?: |\r?\n)/.test(text) ? 1 : 0
        if (agree(bytes, { start, end: start + Buffer.byteLength(text), blank })) answered++
      }),
      runs,
    )
    return answered / runs.numRuns
  }

  test('odd documents', () => {
    expect(shareOf(oddDocument)).toBeGreaterThan(0.3)
  })

  test('documents with slips', () => {
    expect(shareOf(brokenDocument)).toBeGreaterThan(0.1)
  })

  test('soups of lines', () => {
    expect(shareOf(lineSoup)).toBeGreaterThan(0.03)
  })
})

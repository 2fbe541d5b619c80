import fc, { type Arbitrary } from 'fast-check'

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)

/** Pieces of lines, valid and not, that lie on the borders of YAML's rules. */
const fragments = [
  ...[
    'a: b',
    'a:',
    'key: value # c',
    '- x',
    '-',
    '- a: b',
    '- - x',
    '- ',
    '# comment',
    '',
    ' ',
    '\t',
    'a: "x',
    'y"',
    'a: "x\\',
    "a: 'x",
    "y'",
  ],
  ...[
    'a: "x"',
    "a: 'it''s'",
    'a: |',
    'a: >',
    'a: |-',
    'a: >+',
    'a: |+',
    '- |',
    'a: |  # c',
    'a: |2',
    'text',
    'te xt',
    '{a: b}',
    'a: {b: c, "d":1}',
  ],
  ...[
    'a: [x, y]',
    'a: [',
    'x, y',
    ']',
    'a: {',
    'b: c,',
    '}',
    'a: {}',
    '"q": x',
    "'q': x",
    '? a',
    ': b',
    'a: &x b',
    'a: *x',
    '!!str a',
    'a: b: c',
  ],
  ...[
    'a: - b',
    'a:b',
    'a::b',
    'a: b:',
    'a: b #c',
    'a: b#c',
    '---',
    '...',
    '--- x',
    '--- # c',
    '%YAML 1.2',
    'a: -',
    'a: --x',
    'a: ?x',
    'a: :x',
  ],
  ...[
    'a: \u00a0x\u00a0',
    'a: é😀',
    'é: x',
    'a: x\u2028y',
    'a: "\\u00e9\\x41\\/\\n"',
    'a: "\\q"',
    'a: "\\ud83d\\ude00"',
    'a: "\\U0001F600"',
    'a: "\\x4"',
  ],
  ...[
    'a: @x',
    'a: `x',
    'a: %x',
    'a: x\ty',
    'a: x\t# c',
    'a:\tx',
    '-\tx',
    'a: , x',
    'a: x, y]',
    '<<: x',
    '[a, b]: c',
    '{a}: c',
    'a: {b, c}',
  ],
  ...[
    'a: [b: c]',
    'a: [,]',
    'a: {b:, c: d,}',
    'a: ["x" , \'y\',]',
    'a: "x"y',
    '"a" : b',
    'a  :  b  ',
    'a: ""',
    "a: ''",
    'a: [[], {}]',
    '- # c',
  ],
  ...[
    'a: > # c',
    '\ufeffa: b',
    'a: b\r',
    '\r',
    'a: #',
    '"a',
    '|',
    '>',
    '- >',
    '- "a',
    '- {a: b}',
    '- - - a: b',
    '-  a: b',
    '- a:',
    '-   ',
  ],
  ...[
    'http://x:80/y',
    '- --flag=x',
    '-x',
    '- "a": b',
    '"a\\"b": c',
    '...x',
    '---x',
    'a: ...',
    '\\',
    'a: !',
    '&a',
    '*a',
    '*a : b',
    '- *a',
    '- &a',
  ],
]

const indents = oneOf(0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 6)

/** A few lines of such pieces: seldom valid. */
export const lineSoup: Arbitrary<string> = fc
  .tuple(
    fc.array(fc.tuple(indents, fc.constantFrom(...fragments)), { minLength: 1, maxLength: 7 }),
    oneOf('\n', '\n', '\r\n'),
    fc.boolean(),
  )
  .map(
    ([lines, lineBreak, ends]) =>
      lines.map(([indent, fragment]) => ' '.repeat(indent) + fragment).join(lineBreak) +
      (ends ? lineBreak : ''),
  )

/** A piece of a document, once it is known how far its parent is indented. */
type Piece = Arbitrary<(indent: number) => string>

const still = (text: Arbitrary<string>): Piece => text.map(text => () => text)

const comment = oneOf('', '', '', '', ' # c', '  # {"$imagepolicy": "a:b"}', '\t# t', ' ', ' #é')

const word = oneOf(
  ...[
    'a',
    'foo',
    'x-y',
    'nginx:1.2',
    'é',
    '5',
    'true',
    '"q"',
    "'s s'",
    '"a\\tb"',
    'a b',
    '--x',
    'a#b',
    'a:b',
    'ghcr.io/a/b@sha256:00',
    '😀',
    '~',
  ],
  ...[
    "''",
    '""',
    'x\ty',
    '"\\u00e9"',
    "'it''s'",
    'x/y?z=1&b',
    '$(X)',
    '<a>',
    'a,b',
    'a]b',
    '=',
    '.5',
    '"{{ x }}"',
    '${TAG:=v1}',
  ],
)

const key = oneOf(
  'a',
  'b',
  'c',
  'image',
  'x.y/z',
  '"k"',
  "'k'",
  'k k',
  'é',
  '<<',
  '/x',
  'a-b',
  '5',
  '.x',
  '$k',
  'a,b',
  'a]',
)

const flow = fc.letrec<{ node: string }>(tie => {
  const scalar = oneOf(
    'a',
    '"q"',
    "'s'",
    '5',
    'a:b',
    'x y',
    '"a,b"',
    'é',
    '--x',
    '$x',
    '"https://x/y?z#q"',
  )
  const space = oneOf('', '', ' ', '\n        ', '\n         ', ' # c\n          ')
  const comma = oneOf(', ', ',', ' , ')
  const items = fc.array(tie('node'), { maxLength: 3 })
  const sequence = fc
    .tuple(space, items, comma, oneOf('', '', ','))
    .map(
      ([space, items, comma, tail]) =>
        `[${space}${items.join(comma)}${items.length > 0 ? tail : ''}]`,
    )
  const entry = fc
    .tuple(oneOf('a', '"b"', "'c'", 'd e', '$x'), oneOf(': ', ': ', ':', ' : '), tie('node'))
    .map(parts => parts.join(''))
  const mapping = fc
    .tuple(space, fc.array(entry, { maxLength: 3 }), comma, space)
    .map(([space, entries, comma, end]) => `{${space}${entries.join(comma)}${end}}`)
  return {
    node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, sequence, mapping),
  }
}).node

const blockScalar: Piece = fc
  .tuple(
    oneOf('|', '>', '|-', '>-', '|+', '>+'),
    oneOf('', '', '', ' # c', ' '),
    oneOf(1, 2, 2, 2, 4),
    fc.array(
      oneOf(
        'x',
        'y z',
        '- a',
        'k: v',
        '# no',
        '"',
        'é',
        'a  ',
        '\tq',
        '  deeper',
        '  - deeper',
        '',
        '',
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
  )
  .map(([header, tail, step, lines]) => indent => {
    const margin = ' '.repeat(Math.max(indent, 0) + step)
    return ` ${header}${tail}\n${lines.map(line => `${line === '' ? '' : margin + line}\n`).join('')}`
  })

const multiLine: Piece = fc
  .tuple(oneOf('', '', '\n', '  \n', '\n\n'), oneOf(1, 2, 4), comment, oneOf(0, 1, 2, 3, 4, 5, 6))
  .map(([gap, step, tail, shape]) => indent => {
    const next = `\n${gap}${' '.repeat(Math.max(indent, 0) + step)}`
    const shapes = [
      `a b${next}c d${tail}`,
      `"a ${next} b\\${next}\\ c${next}d"${tail}`,
      `'a${next}b '' ${next}'${tail}`,
      `"${next}x  \\n ${next}"`,
      `x${next}y${next}z`,
      `"a \\  ${next}b"`,
      `"\\${next}${next}  b"`,
    ]
    return ` ${shapes[shape]}\n`
  })

const gap: Piece = oneOf('', '', '', '', '', '\n', '# c\n', 'own', 'deep', '   \n').map(
  gap => indent => {
    if (gap === 'own') return `${' '.repeat(indent)}# c\n`
    return gap === 'deep' ? `${' '.repeat(indent + 2)}# d\n` : gap
  },
)

/** A collection, and what its first line begins with: its indentation, or nothing where that stands there already. */
type Collection = Arbitrary<(indent: number, first: string) => string>

const blocks = fc.letrec<{
  value: (indent: number) => string
  mapping: (indent: number, first: string) => string
  sequence: (indent: number, first: string) => string
}>(tie => {
  const mapping = tie('mapping') as Collection
  const sequence = tie('sequence') as Collection
  const below = (collection: Collection, steps: Arbitrary<number>): Piece =>
    fc.tuple(collection, steps, comment).map(
      ([write, step, tail]) =>
        indent =>
          `${tail}\n${write(indent + step, ' '.repeat(indent + step))}`,
    )
  const inline = fc.tuple(word, comment).map(([word, tail]) => ` ${word}${tail}\n`)
  const flowValue = fc.tuple(flow, comment).map(([flow, tail]) => ` ${flow}${tail}\n`)
  const absent = comment.map(tail => `${tail}\n`)
  const value = fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    still(inline),
    still(absent),
    blockScalar,
    still(flowValue),
    multiLine,
    below(mapping, oneOf(1, 2, 2, 2, 4)),
    below(sequence, oneOf(0, 0, 2, 2, 4)),
  )
  const entries = fc.array(fc.tuple(gap, key, oneOf(':', ':', ':', ' :'), tie('value') as Piece), {
    minLength: 1,
    maxLength: 3,
  })
  const compact = fc.tuple(fc.oneof(mapping, sequence), oneOf(1, 1, 1, 2, 3)).map(
    ([write, spaces]) =>
      (indent: number) =>
        ' '.repeat(spaces) + write(indent + 1 + spaces, ''),
  )
  const items = fc.array(
    fc.tuple(gap, fc.oneof({ depthSize: 'medium' }, tie('value') as Piece, compact)),
    { minLength: 1, maxLength: 3 },
  )
  return {
    value,
    mapping: entries.map(
      entries => (indent: number, first: string) =>
        entries
          .map(
            ([gap, key, colon, value], index) =>
              (index === 0 ? first : gap(indent) + ' '.repeat(indent)) +
              key +
              colon +
              value(indent),
          )
          .join(''),
    ),
    sequence: items.map(
      items => (indent: number, first: string) =>
        items
          .map(
            ([gap, value], index) =>
              `${index === 0 ? first : gap(indent) + ' '.repeat(indent)}-${value(indent)}`,
          )
          .join(''),
    ),
  }
})

/** A block mapping at an indentation, mostly valid. */
export const blockMapping: Arbitrary<(indent: number) => string> = blocks.mapping.map(
  write => indent => write(indent, ' '.repeat(indent)),
)

/** A document in odd layout: mostly valid. */
export const oddDocument: Arbitrary<string> = fc
  .tuple(
    oneOf('', '', '', '---\n', '--- # c\n', '\ufeff', '# c\n---\n', '\n'),
    fc.oneof(
      blockMapping.map(write => write(0)),
      blocks.sequence.map(write => write(0, '')),
      blockMapping.map(write => write(2)),
      flow.map(text => `${text}\n`),
    ),
    oneOf('', '', '', '...\n', '# end\n', '\n\n'),
    oneOf('\n', '\n', '\n', '\r\n'),
    oneOf(false, false, false, true),
  )
  .map(([head, body, tail, lineBreak, cut]) => {
    const text = (head + body + tail).replaceAll('\n', lineBreak)
    return cut ? text.replace(/\r?\n$/, '') : text
  })

/** Such a document with one or two slips of the keyboard. */
export const brokenDocument: Arbitrary<string> = fc
  .tuple(
    oddDocument,
    fc.array(fc.tuple(fc.nat(), fc.nat(2), oneOf(...slips())), { minLength: 1, maxLength: 2 }),
  )
  .map(([text, changes]) =>
    changes.reduce((text, [place, length, slip]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + slip + text.slice(at + length)
    }, text),
  )

function slips(): string[] {
  const signs = [
    '',
    ' ',
    '  ',
    '\n',
    ':',
    ': ',
    '-',
    '- ',
    '#',
    ' #',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '\t',
    'x',
    '\\',
    '|',
    '>',
    '\n ',
    '&',
    '\n\n',
  ]
  return [...signs, '\r', '\u00a0', '\u0085', '?', '!', '\ufeff', '*', '\0', '%', '@']
}

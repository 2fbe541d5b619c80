import fc from 'fast-check'
import { escapes, escapesSpelling } from '../../../src/yaml/locate/escaped-texts.ts'
import { scan } from '../../../src/yaml/locate/scan.ts'
import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { textOf } from '../../../src/yaml/tree/value.ts'
import { parse } from '../../fixtures/tree-facts.ts'

/** The first bytes of the lines whose escapes spell one of the texts. */
function found(text: string, texts: readonly string[]): number[] {
  const bytes = Buffer.from(text)
  const offsets = scan(bytes)
    .find(escapes)
    .flatMap(({ offsets }) => offsets)
    .sort((a, b) => a - b)
  return [...escapesSpelling(bytes, offsets, texts)]
}

test.each([
  ['a hexadecimal digit', '"a\\x62c"', true],
  ['of four', '"\\u0061bc"', true],
  ['of eight', '"\\U00000061b\\U00000063"', true],
  ['a slash', '"a/b\\/c"', 'b/c'],
  ['a line break', 'x: "a\\\n   bc"', true],
  ['a Windows line break', 'x: "ab\\\r\n\tc"', true],
  ['several', '"\\x61\\u0062\\\n\\\n  \\x63"', true],
  ['a line break before another escape', '"\\\n\\x61bc"', true],
  ['a backslash before it', '"\\\\\\x61bc"', true],
  ['an escaped backslash', '"\\\\x61bc"', false],
  ['another text', '"\\x61b\\x62"', false],
  ['a character that is in no text', '"\\u003cabd"', false],
  ['a space before the line break', '"ab \\\n c"', false],
  ['no character at all', '"\\UFFFFFFFF\\x6"', false],
  ['an end of the bytes', '"\\', false],
])('%s', (_name, text, expected) => {
  const texts = typeof expected === 'string' ? [expected] : ['abc']
  expect(found(text, ['nothing', ...texts]).length > 0).toBe(expected !== false)
})

test('only the lines that spell it, once for each escape', () => {
  expect(found('"\\x61b"\n"\\x61b\\x63"\n"\\/"\n', ['abc'])).toEqual([9, 14])
})

test('a double-quoted scalar that contains a text, but whose bytes do not, is found', () => {
  const wanted = 'a/b'
  const hex = (character: string, length: number) =>
    character.charCodeAt(0).toString(16).padStart(length, '0')
  const spelled = fc
    .tuple(
      ...[...wanted].map(character =>
        fc.constantFrom(
          character,
          `\\x${hex(character, 2)}`,
          `\\u${hex(character, 4).toUpperCase()}`,
          `\\U${hex(character, 8)}`,
          ...(character === '/' ? ['\\/'] : []),
        ),
      ),
      fc.array(fc.tuple(fc.nat(2), fc.constantFrom('\\\n ', '\\\n  ', '\\\r\n ')), {
        maxLength: 2,
      }),
    )
    .map(parts => {
      const characters = parts.slice(0, -1) as string[]
      const joins = parts.at(-1) as [number, string][]
      for (const [index, join] of joins) characters[index] += join
      return characters.join('')
    })
  const noise = fc.constantFrom(
    '',
    '\\\\',
    '\\"',
    '\\x41',
    '\\n',
    ' ',
    'é',
    '\\\\\\/',
    '\\u003c',
    '\n x',
    '\\\n x',
  )
  const scalar = fc.tuple(noise, noise, spelled, noise).map(parts => `- "${parts.join('')}"\n`)
  fc.assert(
    fc.property(scalar, noise, (item, before) => {
      const text = `- "${before}"\n${item}`
      const tree = parse(text)
      const [, second] = (tree.root as unknown as { items: MappingNode[] }).items
      expect(textOf(tree, second as MappingNode)).toContain(wanted)
      if (!text.includes(wanted)) expect(found(text, ['nothing', wanted])).not.toEqual([])
    }),
    { numRuns: 1000 },
  )
})

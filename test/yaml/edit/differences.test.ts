import fc from 'fast-check'
import {
  type Difference,
  differences,
  type PlacedEdit,
} from '../../../src/yaml/edit/differences.ts'
import { type EntryChanges, editEntries } from '../../../src/yaml/edit/edit-entries.ts'
import type { Edit } from '../../../src/yaml/edit/splice.ts'
import { isUsualInsertion } from '../../../src/yaml/edit/usual-insertion.ts'
import { compareReadings } from '../../../src/yaml/parse/reading.ts'
import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { dataOf, nodeAt } from '../../../src/yaml/tree/value.ts'
import { anchoredDocument, blockMapping, keyedDocument } from '../../fixtures/odd-yaml.ts'
import { applied, parse, whole } from '../../fixtures/tree-facts.ts'

/** How a text differs after edits; `unread` if the fast reader cannot read it. */
function differ(
  text: string,
  edits: readonly Edit[],
): readonly Difference[] | 'unread' | undefined {
  const bytes = Buffer.from(text)
  const sorted = [...edits].sort((a, b) => a.start - b.start)
  let by = 0
  const placed = sorted.map(({ start, end, text }): PlacedEdit => {
    const length = Buffer.byteLength(text as string)
    const newStart = start + by
    by += length - (end - start)
    return { start, end, newStart, newEnd: newStart + length }
  })
  const after = Buffer.from(applied(text, edits))
  return compareReadings([bytes, whole(bytes)], [after, whole(after)], (before, after) =>
    differences(before, after, placed, 0),
  )
}

/** Replaces the only occurrence of a text. */
const replacing = (text: string, old: string, by: string): Edit => {
  const start = Buffer.from(text).indexOf(old)
  return { start, end: start + Buffer.byteLength(old), text: by }
}

test.each([
  ['a scalar', 'a: b\nc: d\n', 'd', 'e', [{ path: ['c'], text: 'e' }]],
  ['an item', 'a:\n- b\n- c\n', 'c', '"5"', [{ path: ['a', 1], text: '5' }]],
  ['a new entry', 'a:\n  b: c\n', '\n  b: c', '\n  b: c\n  d: e', undefined],
  ['an added entry', 'a:\n  b: c\nf: g\n', '\nf', '\n  d: e\nf', undefined],
  ['an alias that gets a text', 'a: &b c\nd: *b\n', '*b', 'x', [{ path: ['d'], text: 'x' }]],
  ['the anchor of an alias', 'a: &b c\nd: *b\n', 'c', 'x', [{ path: ['a'], text: 'x' }]],
  ['a text that becomes a number', 'a: b\n', 'b', '5', undefined],
  ['a text that becomes a mapping', 'a: b\n', 'b', 'c: d', undefined],
  ['a text that hides the next line', 'a: b\nc: d\n', 'b', '"b', undefined],
  ['a text that ends its document', 'a: b\nc: d\n', 'b', 'b\n---', undefined],
  ['an anchor that is gone', 'a: &b c\nd: &b e\nf: *b\n', '&b e', 'e', undefined],
  ['a comment that hides a value', 'a: b\nc: d\n', 'b', '# b', undefined],
])('%s', (_name, text, old, by, expected) => {
  const found = differ(text, [replacing(text, old, by)])
  if (expected === undefined) expect(Array.isArray(found) && found.length === 1).toBe(false)
  else expect(found).toEqual(expected)
})

test('entries that are inserted and removed', () => {
  const text = 'a:\n  b: c\n  d: e\nf:\n'
  const insert = { start: text.indexOf('\nf'), end: text.indexOf('\nf'), text: '\n  g: h' }
  const remove = { start: text.indexOf('  b'), end: text.indexOf('  d'), text: '' }
  const fill = { start: text.length - 1, end: text.length - 1, text: '\n  i:\n    j: k' }
  expect(differ(text, [insert, remove, fill])).toEqual([
    { path: ['a', 'g'], text: 'h' },
    { path: ['a', 'b'], text: undefined },
    { path: ['f', 'i', 'j'], text: 'k' },
  ])
  expect(differ(text, [{ ...insert, text: '\n g: h' }])).toBeUndefined()
  expect(differ(text, [{ ...insert, text: '\ng: h' }])).toEqual([{ path: ['g'], text: 'h' }])
})

/** What sets and removes entries in a value: each difference of the old and the new one. */
function intended(value: unknown, path: readonly string[], { set, remove }: EntryChanges) {
  const mapping = path.reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown> | null)?.[key],
    value,
  ) as Record<string, unknown> | null | undefined
  return [
    ...(set ?? [])
      .filter(([key, text]) => mapping?.[key] !== text)
      .map(([key, text]) => ({ path: [...path, key], text })),
    ...(remove ?? [])
      .filter(key => Object.hasOwn(mapping ?? {}, key))
      .map(key => ({ path: [...path, key], text: undefined })),
  ]
}

const sorted = (some: readonly Difference[]) => some.map(one => JSON.stringify(one)).sort()

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

test('edits of entries differ in what was intended', () => {
  const key = fc.constantFrom('a', 'b', 'k', 'image', 'x.y/z', 'name')
  const path = fc.array(key, { maxLength: 2 })
  const changes = fc.record({
    set: fc.uniqueArray(fc.tuple(key, fc.constantFrom('v', '42', 'a: b', '')), {
      maxLength: 2,
      selector: ([key]) => key,
    }),
    remove: fc.uniqueArray(key, { maxLength: 1 }),
  })
  const document = fc.oneof(
    blockMapping.map(write => write(0)),
    keyedDocument,
    anchoredDocument,
  )
  let [compared, usual] = [0, 0]
  fc.assert(
    fc.property(document, path, changes, (yaml, path, { set, remove: asked }) => {
      const remove = asked.filter(name => set.every(([key]) => key !== name))
      const tree = orNothing(() => parse(yaml))
      fc.pre(tree !== undefined && !/<<|^ *&\w+ *\w*:|!!str \w+ *:/m.test(yaml))
      const edits = editEntries(tree, tree.root as MappingNode, path, { set, remove })
      fc.pre(edits !== undefined && edits.length > 0)
      const found = differ(yaml, edits)
      const keys = new Set<string>()
      const hasTwins = (node: MappingNode | undefined) =>
        node?.kind === 'mapping' &&
        node.entries.some(({ key }) => {
          const text = yaml.slice(key.start, key.end)
          return keys.has(text) || !keys.add(text)
        })
      const mapping = nodeAt(tree, tree.root, path) as MappingNode | undefined
      fc.pre(found !== 'unread' && !hasTwins(mapping))
      const value = orNothing(() => dataOf(tree, tree.root))
      fc.pre(value !== undefined)
      expect(sorted(found ?? [])).toEqual(sorted(intended(value, path, { set, remove })))
      compared++
      if (mapping?.kind === 'mapping' && isUsualInsertion(tree, mapping, edits)) usual++
    }),
    { numRuns: 2000 },
  )
  expect(compared).toBeGreaterThan(200)
  expect(usual).toBeGreaterThan(10)
})

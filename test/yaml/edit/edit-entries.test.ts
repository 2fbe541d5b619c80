import fc from 'fast-check'
import { type EntryChanges, editEntries } from '../../../src/yaml/edit/edit-entries.ts'
import { readYaml } from '../../../src/yaml/parse/read-yaml.ts'
import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { dataOf } from '../../../src/yaml/tree/value.ts'
import { blockMapping } from '../../fixtures/odd-yaml.ts'
import { applied, parse } from '../../fixtures/tree-facts.ts'

const annotations = ['metadata', 'annotations']

/** The document after entries of a mapping have changed; undefined if that is refused. */
function edited(yaml: string, path: readonly string[], changes: EntryChanges): string | undefined {
  const tree = parse(yaml)
  const edits = editEntries(tree, tree.root as MappingNode, path, changes)
  return edits && applied(yaml, edits)
}

describe('an entry is set', () => {
  test.each([
    [
      'after the last',
      'metadata:\n  annotations:\n    a: b # c\nspec: {}\n',
      'metadata:\n  annotations:\n    a: b # c\n    k: v\nspec: {}\n',
    ],
    [
      'whose value is replaced',
      'metadata:\n  annotations:\n    k: "u" # c\n    a: b\n',
      'metadata:\n  annotations:\n    k: "v" # c\n    a: b\n',
    ],
    [
      'whose value is absent',
      'metadata:\n  annotations:\n    k: # c\n',
      'metadata:\n  annotations:\n    k: v # c\n',
    ],
    [
      'instead of an alias',
      'a: &x u\nmetadata: {annotations: {k: *x}}\n',
      'a: &x u\nmetadata: {annotations: {k: v}}\n',
    ],
    [
      'in the first of duplicates',
      'metadata:\n  annotations: {k: a, k: b}\n',
      'metadata:\n  annotations: {k: v, k: b}\n',
    ],
    [
      'over what a merge brings',
      'a: &x {k: u}\nmetadata: {annotations: {<<: *x}}\n',
      'a: &x {k: u}\nmetadata: {annotations: {<<: *x, k: v}}\n',
    ],
    [
      'without a last line end',
      'metadata:\n  annotations:\n    a: b',
      'metadata:\n  annotations:\n    a: b\n    k: v',
    ],
    [
      'in lines of Windows',
      'metadata:\r\n  annotations:\r\n    a: b\r\n',
      'metadata:\r\n  annotations:\r\n    a: b\r\n    k: v\r\n',
    ],
    [
      'as its neighbours are indented',
      'metadata:\n   annotations:\n       a: b\n',
      'metadata:\n   annotations:\n       a: b\n       k: v\n',
    ],
    [
      'before comments at the end',
      'metadata:\n  annotations:\n    a: b\n    # c\n# d\n',
      'metadata:\n  annotations:\n    a: b\n    k: v\n    # c\n# d\n',
    ],
    [
      'after a value of several lines',
      'metadata:\n  annotations:\n    a: b\n      c\nd: e\n',
      'metadata:\n  annotations:\n    a: b\n      c\n    k: v\nd: e\n',
    ],
    [
      'after a block scalar',
      'metadata:\n  annotations:\n    a: |\n      b\n\nd: e\n',
      'metadata:\n  annotations:\n    a: |\n      b\n    k: v\n\nd: e\n',
    ],
    [
      'before a block scalar that keeps',
      'metadata:\n  annotations:\n    a: |+\n      b\n\nd: e\n',
      'metadata:\n  annotations:\n    k: v\n    a: |+\n      b\n\nd: e\n',
    ],
    [
      'before a block scalar at the end',
      'metadata:\n  annotations:\n    a: |\n      b',
      'metadata:\n  annotations:\n    k: v\n    a: |\n      b',
    ],
    [
      'after an absent value',
      'metadata:\n  annotations:\n    a: # c\nd: e\n',
      'metadata:\n  annotations:\n    a: # c\n    k: v\nd: e\n',
    ],
    [
      'in a flow mapping',
      'metadata: {annotations: {a: b}}\n',
      'metadata: {annotations: {a: b, k: v}}\n',
    ],
    [
      'in a flow mapping with a last comma',
      'metadata: {annotations: {a: b,}}\n',
      'metadata: {annotations: {a: b, k: v,}}\n',
    ],
    [
      'in a flow mapping over lines',
      'metadata:\n  annotations: {\n    a: b\n  }\n',
      'metadata:\n  annotations: {\n    a: b,\n    k: v\n  }\n',
    ],
    [
      'before a commented flow entry',
      'metadata:\n  annotations: {\n    a: b # c\n  }\n',
      'metadata:\n  annotations: {\n    k: v,\n    a: b # c\n  }\n',
    ],
    [
      'in JSON',
      '{"metadata": {"annotations": {"a": "b"}}}',
      '{"metadata": {"annotations": {"a": "b", "k": "v"}}}',
    ],
    [
      'in tight JSON',
      '{"metadata":{"annotations":{"a":"b"}}}',
      '{"metadata":{"annotations":{"a":"b","k":"v"}}}',
    ],
    [
      'in tidy JSON',
      '{\n  "metadata": {\n    "annotations": {\n      "a": "b"\n    }\n  }\n}\n',
      '{\n  "metadata": {\n    "annotations": {\n      "a": "b",\n      "k": "v"\n    }\n  }\n}\n',
    ],
    [
      'in an empty mapping',
      'metadata:\n  annotations: {}\nspec: {}\n',
      'metadata:\n  annotations:\n    k: v\nspec: {}\n',
    ],
    [
      'in an empty mapping with a comment',
      'metadata:\n  annotations: {} # c\n',
      'metadata:\n  annotations: {k: v} # c\n',
    ],
    [
      'in an empty mapping of JSON',
      '{"metadata": {"annotations": {}}}',
      '{"metadata": {"annotations": {"k": "v"}}}',
    ],
    [
      'in an absent mapping',
      'metadata:\n  annotations:\nspec: {}\n',
      'metadata:\n  annotations:\n    k: v\nspec: {}\n',
    ],
    [
      'in an absent mapping with a comment',
      'metadata:\n  annotations: # c\nspec: {}\n',
      'metadata:\n  annotations: # c\n    k: v\nspec: {}\n',
    ],
    [
      'in an absent mapping at the end',
      'metadata:\n  annotations:',
      'metadata:\n  annotations:\n    k: v',
    ],
    [
      'in an absent flow mapping',
      'metadata: {annotations: , name: a}\n',
      'metadata: {annotations: {k: v} , name: a}\n',
    ],
    [
      'instead of null',
      'metadata:\n  annotations: null\n',
      'metadata:\n  annotations:\n    k: v\n',
    ],
    [
      'instead of null before a comment',
      'metadata:\n  annotations: ~ # c\n',
      'metadata:\n  annotations: {k: v} # c\n',
    ],
    [
      'in a mapping that is missing',
      'metadata:\n  name: a # c\nspec: {}\n',
      'metadata:\n  name: a # c\n  annotations:\n    k: v\nspec: {}\n',
    ],
    [
      'in a mapping that is missing, with four spaces',
      'metadata:\n    name: a\n',
      'metadata:\n    name: a\n    annotations:\n        k: v\n',
    ],
    [
      'in a mapping that is missing in flow',
      'metadata: {name: a}\n',
      'metadata: {name: a, annotations: {k: v}}\n',
    ],
    [
      'in a mapping that is missing in JSON',
      '{"metadata":{"name":"a"}}',
      '{"metadata":{"name":"a","annotations":{"k": "v"}}}',
    ],
    [
      'in an empty parent',
      'metadata: {}\nspec: {}\n',
      'metadata:\n  annotations:\n    k: v\nspec: {}\n',
    ],
    [
      'in an absent parent',
      'metadata:\nspec: {}\n',
      'metadata:\n  annotations:\n    k: v\nspec: {}\n',
    ],
    [
      'in a missing parent',
      'kind: A\nspec:\n- b\n',
      'kind: A\nspec:\n- b\nmetadata:\n  annotations:\n    k: v\n',
    ],
    ['in a missing parent in flow', '{kind: A}\n', '{kind: A, metadata: {annotations: {k: v}}}\n'],
    [
      'in an anchored mapping that no alias uses',
      'metadata:\n  annotations: &x\n    a: b\n',
      'metadata:\n  annotations: &x\n    a: b\n    k: v\n',
    ],
    ['not again', 'metadata:\n  annotations:\n    k: v\n', 'metadata:\n  annotations:\n    k: v\n'],
    [
      'not again in other quotes',
      "metadata: {annotations: {k: 'v'}}\n",
      "metadata: {annotations: {k: 'v'}}\n",
    ],
  ])('%s', (_name, yaml, expected) => {
    expect(edited(yaml, annotations, { set: [['k', 'v']] })).toBe(expected)
    expect(edited(expected, annotations, { set: [['k', 'v']] })).toBe(expected)
  })

  test.each([
    [
      'several, in order',
      'a:\n  b: c\n',
      [
        ['x', '1'],
        ['b', 'd'],
        ['y/z', 'true'],
      ],
      'a:\n  b: d\n  x: "1"\n  y/z: "true"\n',
    ],
    ['a number that was one', 'a:\n  b: 42\n', [['b', '42']], 'a:\n  b: "42"\n'],
    ['a key that needs quotes', 'a:\n  b: c\n', [['1', 'd']], 'a:\n  b: c\n  "1": d\n'],
  ] as const)('%s', (_name, yaml, set, expected) => {
    expect(edited(yaml, ['a'], { set })).toBe(expected)
  })

  test('in the root mapping', () => {
    expect(edited('a: b\n', [], { set: [['k', 'v']] })).toBe('a: b\nk: v\n')
  })

  test('in an item of a ResourceList, at its own column', async () => {
    const text = 'items:\n-   kind: A\n    metadata:\n        name: a\n- b\n'
    const bytes = Buffer.from(text)
    const tree = await readYaml(bytes, { start: 7, end: text.indexOf('- b'), blank: 1 })
    const edits = editEntries(tree, tree.root as MappingNode, annotations, { set: [['k', 'v']] })
    expect(applied(bytes, edits ?? [])).toBe(
      'items:\n-   kind: A\n    metadata:\n        name: a\n        annotations:\n            k: v\n- b\n',
    )
  })

  test('in an item that has no metadata', async () => {
    const text = 'items:\n- kind: A\n- b\n'
    const bytes = Buffer.from(text)
    const tree = await readYaml(bytes, { start: 7, end: 17, blank: 1 })
    const edits = editEntries(tree, tree.root as MappingNode, annotations, { set: [['k', 'v']] })
    expect(applied(bytes, edits ?? [])).toBe(
      'items:\n- kind: A\n  metadata:\n    annotations:\n      k: v\n- b\n',
    )
  })
})

describe('an entry is removed', () => {
  test.each([
    ['with its line and comment', 'a:\n  b: c\n  k: v # d\n  e: f\n', 'a:\n  b: c\n  e: f\n'],
    ['with all its lines', 'a:\n  k:\n    - v\n    - w\n\n  e: f\n', 'a:\n\n  e: f\n'],
    ['at the end', 'a:\n  b: c\n  k: v', 'a:\n  b: c\n'],
    ['after a dash', 'a:\n  b: c\n  k: v\n', 'a:\n  b: c\n'],
    ['as the only one', 'a:\n  k: v\nb: c\n', 'a: {}\nb: c\n'],
    ['as the only one below a comment', 'a: # c\n  k: v\nb: c\n', 'a: # c\n  {}\nb: c\n'],
    ['as the first in flow', 'a: {k: v, b: c}\n', 'a: {b: c}\n'],
    ['in the middle of flow', 'a: {b: c, k: v, d: e}\n', 'a: {b: c, d: e}\n'],
    ['as the last in flow', 'a: {b: c, k: v}\n', 'a: {b: c}\n'],
    [
      'as the last in flow, below a comment',
      'a: {\n  b: c, # d\n  k: v\n}\n',
      'a: {\n  b: c, # d\n  \n}\n',
    ],
    ['as the only one in flow', 'a: {k: v}\n', 'a: {}\n'],
    ['in JSON', '{"a": {"b": "c", "k": "v"}}', '{"a": {"b": "c"}}'],
    [
      'with the blank lines that a block scalar before it would take',
      'a:\n  b: |+\n    c\n  k: v\n\n  e: f\n',
      'a:\n  b: |+\n    c\n  e: f\n',
    ],
    ['with its duplicates', 'a:\n  k: 1\n  b: c\n  k: 2\n', 'a:\n  b: c\n'],
    ['nothing if it is missing', 'a:\n  b: c\n', 'a:\n  b: c\n'],
    ['nothing if the mapping is missing', 'b: c\n', 'b: c\n'],
  ])('%s', (_name, yaml, expected) => {
    expect(edited(yaml, ['a'], { remove: ['k'] })).toBe(expected)
  })

  test.each([
    ['- k: v\n  b: c\n', '- b: c\n'],
    ['- k: v\n  # d\n  b: c\n', '- # d\n  b: c\n'],
    ['- k:\n    - v\n  b: c\n', '- b: c\n'],
    ['- k: v\n', '- {}\n'],
    ['- k: v\n  k: w\n  b: c\n', '- b: c\n'],
  ])('after a dash: %j', async (yaml, expected) => {
    const bytes = Buffer.from(yaml)
    const tree = await readYaml(bytes, { start: 0, end: bytes.length, blank: 1 })
    expect(
      applied(bytes, editEntries(tree, tree.root as MappingNode, [], { remove: ['k'] }) ?? []),
    ).toBe(expected)
  })
})

describe('entries are set and removed at once', () => {
  test.each([
    ['a:\n  old: x\n  b: c\n', 'a:\n  b: c\n  k: v\n'],
    ['a:\n  b: c\n  old: x\n', 'a:\n  b: c\n  k: v\n'],
    ['a:\n  b: c\n  old: x', 'a:\n  b: c\n  k: v\n'],
    ['a:\n  old: x # y\n', 'a:\n  k: v # y\n'],
    ['a:\n  old: x\n  old: y\nb: c\n', 'a:\n  k: v\nb: c\n'],
    ['a: {old: x}\n', 'a: {k: v}\n'],
    ['a: {old: x, b: c}\n', 'a: {b: c, k: v}\n'],
    ['a: {b: c, old: x}\n', 'a: {b: c, k: v}\n'],
    ['a: {\n  b: c, # d\n  old: x,\n}\n', 'a: {\n  b: c, # d\n  k: v\n}\n'],
    ['a: {old: x,\n  b: c # d\n}\n', 'a: {k: v,\n  b: c # d\n}\n'],
  ])('%j', (yaml, expected) => {
    expect(edited(yaml, ['a'], { set: [['k', 'v']], remove: ['old'] })).toBe(expected)
  })
})

describe('refused, because other values would change too or something else is there', () => {
  test.each([
    ['an alias on the path', 'a: &x {b: c}\nmetadata:\n  annotations: *x\n'],
    ['an anchored mapping that is used', 'metadata:\n  annotations: &x\n    a: b\nspec: *x\n'],
    ['an anchored mapping that is merged', 'metadata: &x\n  name: a\nspec: {<<: *x}\n'],
    ['a mapping that a merge brings', 'a: &x {annotations: {b: c}}\nmetadata:\n  <<: *x\n'],
    ['a scalar on the path', 'metadata:\n  annotations: text\n'],
    ['a sequence on the path', 'metadata: []\n'],
    ['a collection as the value', 'metadata:\n  annotations:\n    k: [v]\n'],
    ['tabs after a dash', '-\tb: c\n'.replace('-\t', '? x\n: ')],
  ])('%s', (_name, yaml) => {
    const path = yaml.startsWith('? x') ? ['x'] : annotations
    expect(edited(yaml, path, { set: [['k', 'v']] })).toBeUndefined()
  })
})

test('in any layout exactly the intended entries change', () => {
  const key = fc.constantFrom('a', 'b', 'k', 'image', 'x.y/z')
  const text = fc.constantFrom('v', '42', 'true', 'a: b', '', "it's", 'é')
  const path = fc.array(key, { maxLength: 2 })
  const changes = fc.record({
    set: fc.uniqueArray(fc.tuple(key, text), { maxLength: 3, selector: ([key]) => key }),
    remove: fc.array(key, { maxLength: 2 }),
  })
  let done = 0
  fc.assert(
    fc.property(
      blockMapping,
      path,
      changes,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      (write, path, changes, lineBreak, cut, item) => {
        const kept = new Set(changes.set.map(([key]) => key))
        const remove = changes.remove.filter(key => !kept.has(key))
        const document = item ? `- a: b\n-${write(2).slice(1)}- c\n` : write(0)
        const yaml = document.replaceAll('\n', lineBreak).replace(cut ? /\r?\n$/ : /$^/, '')
        const tree = orNothing(() => parse(yaml))
        // what a merge brings can come to light, and the anchor of an alias can be removed
        fc.pre(tree !== undefined && !yaml.includes('<<') && tree.aliases.length === 0)
        const root = tree.root?.kind === 'sequence' ? tree.root.items[1] : tree.root
        const edits = editEntries(tree, root as MappingNode, path, { set: changes.set, remove })
        fc.pre(edits !== undefined)
        const after = parse(applied(yaml, edits))
        const expected = changed(dataOf(tree, root), path, changes.set, remove)
        expect(dataOf(after, after.root)).toEqual(item ? [{ a: 'b' }, expected, 'c'] : expected)
        done++
      },
    ),
    { numRuns: 2000 },
  )
  expect(done).toBeGreaterThan(500)
})

/** What the document's value must be afterwards. */
function changed(
  value: unknown,
  path: readonly string[],
  set: readonly (readonly [string, string])[],
  remove: readonly string[],
): unknown {
  const [key, ...rest] = path
  const mapping = (value ?? {}) as Record<string, unknown>
  if (key !== undefined) {
    if (mapping[key] === undefined && set.length === 0) return value
    const inner = changed(mapping[key], rest, set, remove)
    return inner === mapping[key] ? value : { ...mapping, [key]: inner }
  }
  if (set.length === 0 && value === null) return value
  return {
    ...Object.fromEntries(Object.entries(mapping).filter(([key]) => !remove.includes(key))),
    ...Object.fromEntries(set),
  }
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

import fc from 'fast-check'
import type { FieldPath } from '../../src/field-path.ts'
import { openDocument } from '../../src/krm/document.ts'
import type { Resource, ResourceDocument } from '../../src/krm/resource.ts'
import type { ImagePolicy } from '../../src/policy/image-policy.ts'
import { newProblems } from '../../src/problems.ts'
import type { Change } from '../../src/rewrite/change.ts'
import { editsOf } from '../../src/write/edits-of.ts'
import type { Edit } from '../../src/yaml/edit/splice.ts'
import type { YamlNode, YamlTree } from '../../src/yaml/tree/node.ts'
import { scalarsOnLines } from '../../src/yaml/tree/scalars-on-lines.ts'
import { dataOf, textOf } from '../../src/yaml/tree/value.ts'
import { keyedDocument, oddDocument } from '../fixtures/odd-yaml.ts'
import { applied } from '../fixtures/tree-facts.ts'

const policy = {} as ImagePolicy
type Move = Pick<Change, 'path' | 'before' | 'after'> & { readonly offset?: number }
const change = (resource: Resource, move: Move): Change => ({
  kind: 'image',
  resource,
  policy,
  reason: 'the best',
  ...move,
})

async function open(text: string, file?: string) {
  const document = await openDocument(Buffer.from(text), {
    writable: true,
    ...(file !== undefined && { file }),
    annotationPrefixes: ['fluxcd.io/'],
  })
  return { document, resources: await document.read([''], newProblems()) }
}

/** The text after these changes of the first resource, and what was reported. */
async function changed(text: string, moves: readonly Move[]) {
  const { document, resources } = await open(text, 'a.yaml')
  const problems = newProblems()
  const [resource] = resources as [Resource]
  const edits = editsOf(
    moves.map(move => change(resource, move)),
    [],
    problems,
  )
  return {
    text: applied(text, edits.get(document) ?? []),
    errors: problems.errors.map(({ message }) => message),
  }
}

describe('a field', () => {
  test.each([
    ['plain', 'a: v1 # c\n', 'a: v2 # c\n'],
    ['in double quotes', 'a: "v1"\n', 'a: "v2"\n'],
    ['in single quotes', "a: 'v1'\n", "a: 'v2'\n"],
    ['with an escape', 'a: "\\u0076\\x31"\n', 'a: "v2"\n'],
    ['in a block scalar', 'a: |-\n  v1\nb: c\n', 'a: |-\n  v2\nb: c\n'],
    ['with an escape after its text', 'a: "v1\\\n  "\n', 'a: "v2"\n'],
    ['on two lines', 'a: "v\\\n  1"\n', 'a: "v2"\n'],
    ['of an anchor', 'a: &x v1\nb: *x\n', 'a: &x v2\nb: *x\n'],
    ['of the first of duplicate keys', 'a: v1\na: v1\n', 'a: v2\na: v1\n'],
  ])('%s is replaced, with or without its offset', async (_what, before, after) => {
    const { resources } = await open(before)
    const { tree, root } = (resources[0] as Resource).open()
    const offset = scalarsOnLines(tree, root, root.start, root.end + 1)[0]?.node.start ?? 0
    const move = { path: ['a'], before: 'v1', after: 'v2' }
    expect(await changed(before, [move])).toEqual({ text: after, errors: [] })
    expect(await changed(before, [{ ...move, offset }])).toEqual({ text: after, errors: [] })
  })

  test('is quoted if YAML could read it otherwise', async () => {
    expect((await changed('a: v1\n', [{ path: ['a'], before: 'v1', after: '42' }])).text).toBe(
      'a: "42"\n',
    )
  })

  test.each([
    ['is added', 'images:\n- name: a\n', undefined, 'v2', 'images:\n- name: a\n  newTag: v2\n'],
    ['is removed', 'images:\n- name: a\n  newTag: v1\n', 'v1', undefined, 'images:\n- name: a\n'],
  ])('%s', async (_what, text, before, after, expected) => {
    const path = ['images', 0, 'newTag']
    expect(await changed(text, [{ path, before, after }])).toEqual({ text: expected, errors: [] })
  })
})

test('what one mapping gets and loses is one edit, and its path is made', async () => {
  const annotation = (key: string) => ['metadata', 'annotations', key]
  const moves = [
    { path: annotation('b'), before: undefined, after: '1' },
    { path: annotation('a'), before: 'x', after: undefined },
    { path: annotation('c'), before: undefined, after: 'v' },
  ]
  expect((await changed('metadata:\n  annotations:\n    a: x\n', moves)).text).toBe(
    'metadata:\n  annotations:\n    b: "1"\n    c: v\n',
  )
  expect((await changed('kind: A\n', moves)).text).toBe(
    'kind: A\nmetadata:\n  annotations:\n    b: "1"\n    c: v\n',
  )
})

describe('what can not be edited alone is an error, and none of its resource is edited', () => {
  test.each([
    ['an alias', 'x: &m {a: b}\nimage: v1\nmetadata:\n  annotations: *m\n'],
    ['a scalar', 'image: v1\nmetadata:\n  annotations: text\n'],
  ])('%s', async (_what, text) => {
    const moves = [
      { path: ['image'], before: 'v1', after: 'v2' },
      { path: ['metadata', 'annotations', 'k'], before: undefined, after: 'v' },
    ]
    expect(await changed(text, moves)).toEqual({
      text,
      errors: [
        'metadata.annotations a.yaml: must be a mapping of its own to be edited, not one that an alias or a merge key shares; write it out, or set `annotations: false`',
      ],
    })
  })
})

test('edits are by document, though their bytes are the same', async () => {
  const text = 'kind: A\nimage: v1\n---\nkind: B\nimage: v1\n'
  const [one, other] = [await open(text, 'a.yaml'), await open(text, 'b.yaml')]
  const move = { path: ['image'], before: 'v1', after: 'v2' }
  const changes = [...other.resources, ...one.resources.slice(1)].map(resource =>
    change(resource, move),
  )
  const edits = editsOf(changes, [], newProblems())
  const textOfDocument = (document: ResourceDocument) => applied(text, edits.get(document) ?? [])
  expect(textOfDocument(one.document)).toBe('kind: A\nimage: v1\n---\nkind: B\nimage: v2\n')
  expect(textOfDocument(other.document)).toBe(text.replaceAll('v1', 'v2'))
})

test('a removal goes with the changes of its resource', async () => {
  const text = 'spec:\n  imagePolicies:\n  - name: a\n  path: .\nimage: v1\n'
  const { document, resources } = await open(text)
  const [resource] = resources as [Resource]
  const edits = editsOf(
    [change(resource, { path: ['image'], before: 'v1', after: 'v2' })],
    [{ resource, path: ['spec', 'imagePolicies'] }],
    newProblems(),
  )
  expect(applied(text, edits.get(document) ?? [])).toBe('spec:\n  path: .\nimage: v2\n')
})

/**
 * Everything of a tree but where it is and how it is quoted. `replaced` has other texts for some
 * scalars, by their offset.
 */
function modelOf(
  tree: YamlTree,
  node: YamlNode | undefined,
  replaced = new Map<number, string>(),
): unknown {
  if (node === undefined) return null
  const { anchor, tag } = node
  switch (node.kind) {
    case 'scalar':
      return { anchor, tag, text: replaced.get(node.start) ?? textOf(tree, node) }
    case 'alias':
      return { alias: node.target }
    case 'sequence':
      return { anchor, tag, items: node.items.map(item => modelOf(tree, item, replaced)) }
    case 'mapping':
      return {
        anchor,
        tag,
        entries: node.entries.map(({ key, value }) => [
          modelOf(tree, key),
          modelOf(tree, value, replaced),
        ]),
      }
  }
}

/** The bytes that no edit touches. */
function untouched(text: string, edits: readonly Edit[]): readonly string[] {
  const bytes = Buffer.from(text)
  const sorted = [...edits].sort((a, b) => a.start - b.start)
  const ends = [0, ...sorted.map(({ end }) => end)]
  return [...sorted.map(({ start }) => start), bytes.length].map((start, index) =>
    bytes.toString('utf8', ends[index], start),
  )
}

/** Whether these parts are in the text, in their order. */
function isInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0
  return parts.every((part, index) => {
    const at = index === parts.length - 1 ? text.length - part.length : text.indexOf(part, from)
    const isThere = at >= from && text.startsWith(part, at) && (index > 0 || at === 0)
    from = at + part.length
    return isThere
  })
}

const someDocument = fc.oneof(oddDocument, keyedDocument)
const newText = fc.constantFrom(
  'v2',
  '42',
  'true',
  'ghcr.io/acme/app:v2',
  `a@sha256:${'1'.repeat(64)}`,
)

test('in any layout exactly the scalars that change have another text, and every other byte is kept', async () => {
  let done = 0
  await fc.assert(
    fc.asyncProperty(
      someDocument,
      fc.array(fc.tuple(fc.nat(), newText, fc.boolean()), { minLength: 1, maxLength: 3 }),
      async (text, drawn) => {
        const opened = await open(text, 'a.yaml')
        const [resource] = opened.resources
        if (resource === undefined || opened.resources.length > 1) return
        const { tree, root } = resource.open()
        const scalars = scalarsOnLines(tree, root, root.start, root.end + 1)
        if (scalars.length === 0) return
        const replaced = new Map<number, string>()
        const changes = drawn.flatMap(([index, after, hasOffset]) => {
          const { path, node } = scalars[index % scalars.length] as (typeof scalars)[number]
          if (replaced.has(node.start)) return []
          replaced.set(node.start, after)
          const offset = hasOffset ? { offset: node.start } : {}
          return [change(resource, { path, before: textOf(tree, node), after, ...offset })]
        })
        const expected = modelOf(tree, root, replaced)
        const problems = newProblems()
        const edits = editsOf(changes, [], problems).get(opened.document) ?? []
        expect(problems.errors).toEqual([])
        expect(edits).toHaveLength(changes.length)
        const output = applied(text, edits)
        expect(isInOrder(output, untouched(text, edits))).toBe(true)
        const [after] = (await open(output, 'a.yaml')).resources as [Resource]
        const read = after.open()
        expect(modelOf(read.tree, read.root)).toEqual(expected)
        done++
      },
    ),
    { numRuns: 1500 },
  )
  expect(done).toBeGreaterThan(500)
})

test('in any layout exactly the annotations that are set and removed change', async () => {
  const path = (key: string): FieldPath => ['metadata', 'annotations', key]
  const annotations = fc.uniqueArray(fc.constantFrom('fluxcd.io/a', 'fluxcd.io/b', 'c'), {
    maxLength: 3,
  })
  let done = 0
  await fc.assert(
    fc.asyncProperty(
      keyedDocument,
      annotations,
      annotations,
      fc.boolean(),
      async (rest, present, set, isFlow) => {
        const block = present.map(key => `\n    ${key}: x # ${key}`).join('')
        const flow = ` {${present.map(key => `${key}: x`).join(', ')}}`
        const text = `metadata:\n  annotations:${isFlow ? flow : block}\n${rest}`
        const opened = await open(text, 'a.yaml')
        const [resource] = opened.resources
        if (resource === undefined || opened.resources.length > 1) return
        const remove = present.filter(key => !set.includes(key))
        const moves = [
          ...set.map(key => ({
            path: path(key),
            before: present.includes(key) ? 'x' : undefined,
            after: '42',
          })),
          ...remove.map(key => ({ path: path(key), before: 'x', after: undefined })),
        ]
        const before = dataOf(resource.open().tree, resource.open().root) as Record<string, unknown>
        const problems = newProblems()
        const edits =
          editsOf(
            moves.map(move => change(resource, move)),
            [],
            problems,
          ).get(opened.document) ?? []
        expect(problems.errors).toEqual([])
        const output = applied(text, edits)
        expect(isInOrder(output, untouched(text, edits))).toBe(true)
        expect(output.endsWith(rest)).toBe(true)
        const [after] = (await open(output, 'a.yaml')).resources as [Resource]
        const data = dataOf(after.open().tree, after.open().root) as Record<string, unknown>
        const { annotations } = data.metadata as { annotations: object }
        expect(annotations ?? {}).toEqual(Object.fromEntries(set.map(key => [key, '42'])))
        expect({ ...data, metadata: before.metadata }).toEqual(before)
        done++
      },
    ),
    { numRuns: 700 },
  )
  expect(done).toBeGreaterThan(300)
})

test('what would change another field than the intended one is refused, not written', async () => {
  const text = 'a: v1\nb: v1\nc: "\\u0076"\n'
  const ofB = text.indexOf('v1', text.indexOf('b:'))
  const { errors } = await changed(text, [
    { path: ['a'], before: 'v1', after: 'v2', offset: ofB },
    { path: ['c'], before: 'v', after: 'w' }, // not a usual edit, so the item is read again
  ])
  expect(errors).toEqual([
    expect.stringMatching(
      /^a a.yaml: must be edited by hand: .* please report this layout as a bug$/,
    ),
  ])
})

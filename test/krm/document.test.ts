import { openDocument } from '../../src/krm/document.ts'
import { newProblems } from '../../src/problems.ts'

const open = (text: string, writable = true, file?: string) =>
  openDocument(Buffer.from(text), { writable, ...(file && { file }) })
const a = 'apiVersion: v1\nkind: A\nmetadata: {name: a}\n'
const b = 'apiVersion: v1\nkind: B\nmetadata: {name: b}\n'
const names = (resources: readonly { id: { name: string } }[]) => resources.map(({ id }) => id.name)

test('reads only the items that mention a text', async () => {
  const document = await open(`${a}---\n${b}---\nbroken: [\n`)
  const problems = newProblems()
  expect(names(await document.read(['kind: B'], problems))).toEqual(['b'])
  expect(names(await document.read(['kind: B', 'kind: A'], problems))).toEqual(['a', 'b'])
  expect(problems.errors).toEqual([])
})

test('a problem of an item is reported once, and the others are read', async () => {
  const document = await open(`${a}---\nbroken: [\n`)
  const problems = newProblems()
  expect(names(await document.read(['kind', 'broken'], problems))).toEqual(['a'])
  await document.read(['broken'], problems)
  expect(problems.errors.map(({ code, place }) => [code, place?.file])).toEqual([
    ['BAD_INPUT', 'stdin'],
  ])
})

test('of several documents the first is not read unless it mentions a text', async () => {
  const document = await open(`broken: [\n---\n${a}`)
  const problems = newProblems()
  expect(names(await document.read(['kind'], problems))).toEqual(['a'])
  expect(problems.errors).toEqual([])
})

test('a document with a carriage return alone is left unchanged, with one warning', async () => {
  const document = await open(`${a}---\n${b.replaceAll('\n', '\r')}`)
  const problems = newProblems()
  expect(names(await document.read(['kind'], problems))).toEqual(['a'])
  for (const resources of document.each(['kind'], problems)) await resources
  expect(problems.errors).toEqual([])
  expect(problems.notices).toEqual([
    {
      severity: 'warning',
      problem: expect.stringMatching(/^is left unchanged: it has a carriage return/),
      place: { file: 'stdin', line: 5, column: 15 },
    },
  ])
})

test('the full parser reads no long document', async () => {
  const rest = `data:\n${'  key: value\n'.repeat(800_000)}`
  const document = await open(`${a}${rest}---\n${b}? unusual\n: c\n${rest}`)
  const problems = newProblems()
  expect(names(await document.read(['kind'], problems))).toEqual(['a'])
  expect(problems.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/must be shorter than 8 MiB/),
  ])
})

test('one by one it gives the same', async () => {
  const document = await open(`${a}---\n${b}`)
  const found: string[] = []
  for (const resources of document.each(['kind'], newProblems()))
    found.push(...names(await resources))
  expect(found).toEqual(['a', 'b'])
})

test('a list of 150,000 elements', async () => {
  const items = `- {apiVersion: v1, kind: A, metadata: {name: a}}\n`.repeat(150_000)
  const document = await open(`apiVersion: v1\nkind: List\nitems:\n${items}`)
  expect(await document.read(['kind'], newProblems())).toHaveLength(150_000)
}, 60_000)

test.each([
  [
    '',
    'stdin: must hold a ResourceList or manifests, got nothing; did the command before the pipe fail?',
  ],
  [
    '# only this\n',
    'stdin: must hold a ResourceList or manifests, got nothing; did the command before the pipe fail?',
  ],
  ['--- # only this\n', 'stdin: must hold a ResourceList or manifests, got nothing but comments'],
  ['some text\n', 'stdin: must hold a ResourceList or manifests, got plain text'],
  [
    'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n',
    'stdin: a ResourceList must have `items`, if only an empty sequence, got none',
  ],
])('%j is refused', async (text, message) => {
  await expect(open(text)).rejects.toThrow(message)
})

test('a document that is only read may be empty', async () => {
  const document = await open('# nothing\n', false, 'policies.yaml')
  expect(await document.read([''], newProblems())).toEqual([])
})

describe('functionConfig', () => {
  const list = (config: string) =>
    open(`apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n${config}`)
  test.each(['', 'functionConfig:\n', 'functionConfig: null\n', 'functionConfig: {}\n'])(
    '%j counts as absent',
    async config => {
      expect(await (await list(config)).functionConfig()).toBeUndefined()
    },
  )
  test.each(['functionConfig: text\n', 'functionConfig: [a]\n', 'functionConfig: 3\n'])(
    '%j is refused',
    async config => {
      await expect((await list(config)).functionConfig()).rejects.toThrow(
        'stdin: a functionConfig must be a mapping',
      )
    },
  )
  test('of a file is its first document', async () => {
    expect(
      (await (await open(`${a}---\n${b}`, false, 'c.yaml')).functionConfig())?.id,
    ).toMatchObject({ name: 'a', file: 'c.yaml' })
    await expect((await open('', false, 'c.yaml')).functionConfig()).rejects.toThrow(
      'c.yaml: a functionConfig must be a mapping, a KRM object, got nothing',
    )
  })
})

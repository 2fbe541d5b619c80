import { fieldOf, placeOf, type Resource, resourcesOf, wholeValue } from '../../src/krm/resource.ts'
import { formatPlace } from '../../src/place.ts'
import { readYaml } from '../../src/yaml/parse/read-yaml.ts'
import { documentOf } from '../fixtures/document.ts'

async function read(text: string, file?: string): Promise<readonly Resource[]> {
  const bytes = Buffer.from(text)
  const tree = await readYaml(bytes, { start: 0, end: bytes.length, blank: 0 })
  return resourcesOf(tree, documentOf(bytes, file))
}
const withAnnotations = (annotations: string) =>
  `apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: now, annotations: {${annotations}}}\n`

test('identity, as it is and as it was', async () => {
  const [plain] = await read('apiVersion: v1\nkind: A\nmetadata: {name: a}\n')
  expect(plain).toMatchObject({
    id: { apiVersion: 'v1', kind: 'A', name: 'a' },
    original: { namespace: 'default', name: 'a' },
  })
  expect(plain?.id).not.toHaveProperty('namespace')
  const [renamed] = await read(
    withAnnotations(
      'internal.config.kubernetes.io/previousNames: "first,second", internal.config.kubernetes.io/previousNamespaces: "one,two"',
    ),
  )
  expect(renamed).toMatchObject({
    id: { namespace: 'now', name: 'a' },
    original: { namespace: 'one', name: 'first' },
  })
})

test.each([
  ['config.kubernetes.io/path: a.yaml, config.kubernetes.io/index: "2"', 'a.yaml', 2],
  [
    'internal.config.kubernetes.io/path: b.yaml, internal.config.kubernetes.io/index: "1"',
    'b.yaml',
    1,
  ],
  [
    'config.kubernetes.io/path: a.yaml, config.kubernetes.io/origin: "path: o.yaml"',
    'a.yaml',
    undefined,
  ],
  ['config.kubernetes.io/origin: "path: base/o.yaml\\nrepo: https://x"', 'base/o.yaml', undefined],
  ['config.kubernetes.io/index: "2"', 'given.yaml', 2],
  ['config.kubernetes.io/index: "x", config.kubernetes.io/path: a.yaml', 'a.yaml', undefined],
])('the file by %s', async (annotations, file, index) => {
  const [resource] = await read(withAnnotations(annotations), 'given.yaml')
  expect([resource?.id.file, resource?.id.index]).toEqual([file, index])
})

test.each([
  ['a List', 'kind: List', ['a', 'b']],
  ['a typed list', 'kind: DeploymentList', ['a', 'b']],
  ['another kind', 'kind: Thing', ['whole']],
])('%s', async (_name, kind, names) => {
  const items =
    'items:\n- {apiVersion: v1, kind: A, metadata: {name: a}}\n- {apiVersion: v1, kind: A, metadata: {name: b}}\n'
  const resources = await read(`apiVersion: v1\n${kind}\nmetadata: {name: whole}\n${items}`)
  expect(resources.map(({ id }) => id.name)).toEqual(names)
})

test.each(['- a\n', 'text\n', '# nothing\n'])('%j holds no resource', async text => {
  expect(await read(text)).toEqual([])
})

test('a mapping that is not KRM has no kind', async () => {
  const [values] = await read('image:\n  tag: v1\n', 'values.yaml')
  expect(values?.id.kind).toBe('')
  expect(formatPlace(placeOf(values as Resource, 'image.tag'))).toBe('image.tag values.yaml')
})

test('a name that is an alias, and values through merge keys', async () => {
  const [resource] = await read(
    'x: &n web\ny: &b {c: 1}\napiVersion: v1\nkind: A\nmetadata: {name: *n}\nspec: {<<: *b, d: 2}\n',
  )
  expect(resource?.id.name).toBe('web')
  expect(fieldOf(resource as Resource, 'spec')).toEqual({ c: 1, d: 2 })
  expect(wholeValue(resource as Resource)).toMatchObject({ kind: 'A' })
})

import { readYaml } from '../../../src/yaml/parse/read-yaml.ts'
import { dataOf } from '../../../src/yaml/tree/value.ts'
import { parse, whole } from '../../fixtures/tree-facts.ts'

test.each([
  ['what the fast reader reads', 'a: b\n', { a: 'b' }],
  ['what needs the full parser', 'a: &x b\nc: *x\n', { a: 'b', c: 'b' }],
])('%s', async (_name, text, value) => {
  const bytes = Buffer.from(text)
  const tree = await readYaml(bytes, whole(bytes))
  expect(dataOf(tree, tree.root)).toEqual(value)
})

test('a tree that is already there is not read again', async () => {
  const tree = parse('a: b\n')
  expect(await readYaml(tree.bytes, { ...whole(tree.bytes), tree })).toBe(tree)
})

test('broken YAML names its file, line and column of the whole input', async () => {
  const bytes = Buffer.from('a: b\n- c: "d\n')
  await expect(
    readYaml(bytes, { start: 5, end: bytes.length, blank: 1 }, { file: 'x.yaml' }),
  ).rejects.toMatchObject({
    code: 'BAD_INPUT',
    place: { file: 'x.yaml', line: 3, column: 1 },
  })
})

import { queryInMemory } from '../../../src/yaml/parse/tape-query.ts'
import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { queryFor } from '../../../src/yaml/tree/query.ts'
import { entryOf, nodesAt, textOf } from '../../../src/yaml/tree/value.ts'
import { walk } from '../../fixtures/tree-facts.ts'

test('a query is written once; paths with the same beginning share its steps', () => {
  const query = queryFor({ a: ['a'], ab: ['a', 'b'], again: ['a'] })
  const written = queryInMemory(query)
  expect(queryInMemory(query)).toBe(written)
  expect(written?.answers).toHaveLength(3)
  expect(written?.answers[2]).toBe(written?.answers[0])
  expect(written?.answers[1]).not.toBe(written?.answers[0])
})

test('more names than the memory has room for', () => {
  const name = (index: number) => `${'x'.repeat(200)}-${index}`
  const text = Array.from({ length: 400 }, (_, index) => `${name(index)}: ${index}\n`).join('')
  const tree = walk(text)
  const root = tree.root as MappingNode
  for (let index = 0; index < 400; index++)
    expect(entryOf(tree, root, name(index))?.key.start).toBe(text.indexOf(`${name(index)}:`))
  expect(entryOf(tree, root, name(400))).toBeUndefined()

  const query = queryFor({ absent: [name(401)], present: [name(7)] })
  expect(queryInMemory(query)).toBeUndefined()
  const { absent, present } = nodesAt(tree, root, query)
  expect(absent).toBeUndefined()
  expect(present && textOf(tree, present)).toBe('7')
})

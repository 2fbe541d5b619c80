import { queryFor } from '../../../src/yaml/tree/query.ts'

test('a query keeps the order of its names; its number is its own', () => {
  const query = queryFor({ b: ['x'], a: ['y', 'z'] })
  expect(query).toMatchObject({
    names: ['b', 'a'],
    paths: [['x'], ['y', 'z']],
    nothing: { b: undefined, a: undefined },
  })
  expect(queryFor({ b: ['x'] }).number).not.toBe(query.number)
})

import { queryFor } from '../../../src/yaml/tree/query.ts'

test('a query gives what was found at its paths the names of the paths', () => {
  const query = queryFor({ b: ['x'], a: ['y', 'z'], values: ['values'] })
  expect(query.paths).toEqual([['x'], ['y', 'z'], ['values']])
  const { b, a, values } = query.named([1, undefined, 3])
  expect([b, a, values]).toEqual([1, undefined, 3])
})

test('each query has a number of its own', () => {
  expect(queryFor({ a: ['x'] }).number).not.toBe(queryFor({ a: ['x'] }).number)
})

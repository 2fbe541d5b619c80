import { firstListKeys, listKeysFor } from '../../../src/yaml/tree/list-keys.ts'

test('readers prepare for the keys that were made first', () => {
  expect(firstListKeys()).toBeUndefined()
  const first = listKeysFor(['a', 'b'])
  const second = listKeysFor(['c'])
  expect(firstListKeys()).toBe(first)
  expect([first.names, second.names]).toEqual([['a', 'b'], ['c']])
})

import { markListKeys } from '../../../src/yaml/parse/mark-list-keys.ts'
import { isLoaded, load } from '../../../src/yaml/parse/wasm.ts'
import { listKeysFor } from '../../../src/yaml/tree/list-keys.ts'
import type { MappingNode } from '../../../src/yaml/tree/node.ts'
import { walk } from '../../fixtures/tree-facts.ts'

test('other keys need other marks, so what was loaded does not count any more', () => {
  const keys = listKeysFor(['a'])
  expect(markListKeys(keys)).toBe(true)
  const loaded = load(Buffer.from('a: b\n'), 0, 5)
  expect(markListKeys(keys)).toBe(true)
  expect(isLoaded(loaded)).toBe(true)
  expect(markListKeys(listKeysFor(['b']))).toBe(true)
  expect(isLoaded(loaded)).toBe(false)
})

const long = 'k'.repeat(80)
const text = `a: []\nb:\n  aa: []\n  c: []\n  a: []\n${long}: []\n${long}x: []\n`
const pathsBelow = (keys: readonly string[]) => {
  const tree = walk(text)
  const found = tree.index?.sequencesBelow(tree.root as MappingNode, listKeysFor(keys))
  return found?.map(({ path }) => path.join('.'))
}

test.each([
  [['a'], ['a', 'b.a']],
  [
    ['c', 'aa'],
    ['b.aa', 'b.c'],
  ],
  [[long], [long]],
  [['b'], []],
  [[], []],
])('the sequences below %j', (keys, paths) => {
  expect(pathsBelow(keys)).toEqual(paths)
})

test('there is no room for very many keys, nor for very long ones', () => {
  const many = Array.from({ length: 33 }, (_, index) => `key-${index}`)
  expect(pathsBelow(many)).toBeUndefined()
  expect(pathsBelow(['x'.repeat(0x10000)])).toBeUndefined()
  expect(pathsBelow(['a'])).toEqual(['a', 'b.a'])
})

import { formatPath } from '../../src/field-path.ts'
import { parseSelector, select } from '../../src/targets/field-selector.ts'
import type { MappingNode } from '../../src/yaml/tree/node.ts'
import { textOf } from '../../src/yaml/tree/value.ts'
import { parse } from '../fixtures/tree-facts.ts'

test.each([
  ['a', [{ key: 'a' }]],
  ['a.b-c', [{ key: 'a' }, { key: 'b-c' }]],
  ['a[0].b', [{ key: 'a' }, { index: 0 }, { key: 'b' }]],
  ['a[*]', [{ key: 'a' }, { every: true }]],
  ['a[name=web].b', [{ key: 'a' }, { where: 'name', equals: 'web' }, { key: 'b' }]],
  ['a[name=]', [{ key: 'a' }, { where: 'name', equals: '' }]],
  ['a["x.y/z"]', [{ key: 'a' }, { key: 'x.y/z' }]],
  ["['a'].b", [{ key: 'a' }, { key: 'b' }]],
])('%s is read', (text, steps) => {
  expect(parseSelector(text)).toEqual(steps)
})

test.each(['', '.a', 'a..b', 'a.', 'a[', 'a]', 'a[x]', 'a[-1]', 'a["x]', 'a[=b]'])(
  '%j is not a path',
  text => {
    expect(parseSelector(text)).toBeUndefined()
  },
)

const tree = parse(`list:
- {name: a, image: one}
- {name: b, image: two}
- plain
map: {x: {image: three}, y: {image: four}}
twice: first
twice: second
alias: &m {image: five}
other: *m
`)

test.each<readonly [string, readonly string[]]>([
  ['list[0].image', ['list[0].image one']],
  ['list[*].image', ['list[0].image one', 'list[1].image two']],
  ['list[name=b].image', ['list[1].image two']],
  ['list[name=c].image', []],
  ['list.image', []],
  ['map[*].image', ['map.x.image three', 'map.y.image four']],
  ['map[0]', []],
  ['map[name=x]', []],
  ['twice', ['twice first']],
  ['other.image', ['other.image five']],
  ['none.image', []],
  ['twice.deeper', []],
])('%s leads to %j', (path, expected) => {
  const selected = select(tree, tree.root as MappingNode, parseSelector(path) ?? [])
  expect(selected.map(({ path, node }) => `${formatPath(path)} ${textOf(tree, node)}`)).toEqual(
    expected,
  )
  expect(selected.map(({ aliases }) => aliases.length)).toEqual(
    selected.map(() => (path.startsWith('other') ? 1 : 0)),
  )
})

import { headComment, lineComment } from '../../../src/yaml/tree/comments.ts'
import { nodeAt } from '../../../src/yaml/tree/value.ts'
import { parse } from '../../fixtures/tree-facts.ts'

function commentsAt(
  yaml: string,
  path: readonly (string | number)[],
): { line: string | undefined; head: string | undefined } {
  const tree = parse(yaml)
  const node = nodeAt(tree, tree.root, path)
  if (node?.kind !== 'scalar') throw new Error('no scalar')
  return { line: lineComment(tree, node), head: headComment(tree, node) }
}

describe('the comment of a line', () => {
  test.each([
    ['after a plain scalar', 'a: b # c\n', '# c'],
    ['after a tab', 'a: b\t# c\n', '# c'],
    ['after quotes', 'a: "b # d" # c\n', '# c'],
    ['of Windows', 'a: b # c\r\n', '# c'],
    ['at the end', 'a: b # c', '# c'],
    ['after the last of several lines', 'a: b\n  d # c\n', '# c'],
    ['after the indicator of a block scalar', 'a: |-  # c\n  b # d\n', '# c'],
    ['after a comma', 'a: b\n'.replace('a: b', '{a: b, # c\nd: e}'), '# c'],
    ['inside a flow collection', '{a: b # c\n}\n', '# c'],
    ['with all its signs', 'a: b ##  c # d \n', '##  c # d '],
    ['none after a bracket', '{a: b} # c\n', undefined],
    ['none of the next entry', '{a: b, d: e # c\n}\n', undefined],
    ['none inside a block scalar', 'a: |\n  b # c\n', undefined],
    ['none after an absent value', 'a: # c\n', undefined],
    ['none that is text', 'a: b#c\n', undefined],
  ])('%s', (_name, yaml, line) => {
    expect(commentsAt(yaml, ['a']).line).toBe(line)
  })
})

describe('the comment above', () => {
  test.each([
    ['an item', 'a:\n# c\n- b\n', '# c'],
    ['an item, more indented', 'a:\n   # c\n  - b\n', '# c'],
    ['an anchored item', 'a:\n# c\n- &x b\n', '# c'],
    ['an item in several lines', 'a:\n# c\n# d\n- b\n', '# c\n# d'],
    ['an item of Windows', 'a:\r\n# c\r\n- b\r\n', '# c'],
    ['none above a blank line', 'a:\n# c\n\n- b\n', undefined],
    ['none of the line before', 'a: # c\n- b\n', undefined],
    ['none if there is none', 'a:\n- b\n', undefined],
  ])('%s', (_name, yaml, head) => {
    expect(commentsAt(yaml, ['a', 0]).head).toBe(head)
  })

  test.each([
    ['a value on a line of its own', 'a:\n  # c\n  b\n', '# c'],
    ['none above a key', '# c\na: b\n', undefined],
  ])('%s', (_name, yaml, head) => {
    expect(commentsAt(yaml, ['a']).head).toBe(head)
  })

  test('none above two dashes', () => {
    expect(commentsAt('# c\n- - b\n', [0, 0])).toEqual({})
  })
})

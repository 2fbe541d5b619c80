import type { Result } from '../../src/krm/result.ts'
import { replaceResults } from '../../src/write/replace-results.ts'
import { readOutline } from '../../src/yaml/locate/outline.ts'
import { scan } from '../../src/yaml/locate/scan.ts'
import { dataOf } from '../../src/yaml/tree/value.ts'
import { applied, parse } from '../fixtures/tree-facts.ts'

const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'
const flowHead = 'apiVersion: config.kubernetes.io/v1, kind: ResourceList'
const results: Result[] = [{ message: 'a: b', severity: 'info', file: { path: 'x', index: 1 } }]
const block = '- message: "a: b"\n  severity: info\n  file:\n    path: x\n    index: 1\n'
const json = '[{"message":"a: b","severity":"info","file":{"path":"x","index":1}}]'

async function withResults(text: string, results: readonly Result[]): Promise<string> {
  const outline = await readOutline(scan(Buffer.from(text)))
  if (outline.shape !== 'ResourceList') throw new Error('no ResourceList')
  return applied(text, replaceResults(outline, results))
}

const windows = (text: string) => text.replaceAll('\n', '\r\n')
const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '  ')

describe('results become the last key', () => {
  test.each([
    ['of a list', `${head}items:\n- a\n`, `${head}items:\n- a\nresults:\n${block}`],
    [
      'of a list with indented items',
      `${head}items:\n  - a\n`,
      `${head}items:\n  - a\nresults:\n${indented(block)}`,
    ],
    [
      'of an indented list',
      indented(`${head}items:\n- a\n`),
      indented(`${head}items:\n- a\nresults:\n${block}`),
    ],
    [
      'of a list of windows',
      windows(`${head}items:\n- a\n`),
      windows(`${head}items:\n- a\nresults:\n${block}`),
    ],
    [
      'of a list without a last line end',
      `${head}items:\n- a`,
      `${head}items:\n- a\nresults:\n${block}`,
    ],
    ['of an empty list', `${head}items: []\n`, `${head}items: []\nresults:\n${block}`],
    ['before `...`', `${head}items:\n- a\n...\n`, `${head}items:\n- a\nresults:\n${block}...\n`],
    ['after comments', `${head}items:\n- a\n# b\n`, `${head}items:\n- a\n# b\nresults:\n${block}`],
    [
      'instead of others',
      `${head}items:\n- a\nresults:\n- message: old\n`,
      `${head}items:\n- a\nresults:\n${block}`,
    ],
    [
      'instead of others in the middle',
      `${head}results:\n- message: old\n# b\nitems:\n- a\n`,
      `${head}# b\nitems:\n- a\nresults:\n${block}`,
    ],
    [
      'instead of none',
      `${head}items:\n- a\nresults: []\n`,
      `${head}items:\n- a\nresults:\n${block}`,
    ],
    ['instead of others without a line end', `${head}results: [a]`, `${head}results:\n${block}`],
    [
      'after a quoted key',
      `${head}"items":\n- a\nresults: []\n# b\n`,
      `${head}"items":\n- a\n# b\nresults:\n${block}`,
    ],
    [
      'of tight JSON',
      '{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":[]}\n',
      `{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList","items":[],"results":${json}}\n`,
    ],
    ['of flow', `{${flowHead}, items: [a]}\n`, `{${flowHead}, items: [a], "results": ${json}}\n`],
    [
      'of flow, instead of others',
      `{results: [a], ${flowHead}}\n`,
      `{${flowHead}, "results": ${json}}\n`,
    ],
    [
      'of flow, instead of the last',
      `{${flowHead}, results: [a]}\n`,
      `{${flowHead}, "results": ${json}}\n`,
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await withResults(text, results)).toBe(expected)
    expect(await withResults(expected, results)).toBe(expected)
    const tree = parse(expected)
    expect((dataOf(tree, tree.root) as { results: unknown }).results).toEqual(results)
  })

  test('of tidy JSON, in its indentation', async () => {
    const list = {
      apiVersion: 'config.kubernetes.io/v1',
      kind: 'ResourceList',
      items: [{ a: 'b' }],
    }
    for (const unit of ['  ', '    ', '\t']) {
      expect(await withResults(JSON.stringify(list, undefined, unit), results)).toBe(
        JSON.stringify({ ...list, results }, undefined, unit),
      )
    }
  })
})

describe('no results leave no key', () => {
  test.each([
    [`${head}items:\n- a\nresults:\n- b\n`, `${head}items:\n- a\n`],
    [`${head}results:\n- b\nitems:\n- a\n`, `${head}items:\n- a\n`],
    [`${head}items:\n- a\n`, `${head}items:\n- a\n`],
    [`{${flowHead}, results: [a]}`, `{${flowHead}}`],
    [`{${flowHead}}`, `{${flowHead}}`],
  ])('%j', async (text, expected) => {
    expect(await withResults(text, [])).toBe(expected)
  })
})

test('JSON stays JSON whatever a message says', async () => {
  const odd: Result[] = [{ message: 'a\u2028b\x7f"\\\u0085\ufeff😀', severity: 'info' }]
  const text = await withResults(
    '{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList"}',
    odd,
  )
  expect(JSON.parse(text).results).toEqual(odd)
  expect(text).not.toMatch(/[\u2028\x7f\u0085\ufeff]/)
})

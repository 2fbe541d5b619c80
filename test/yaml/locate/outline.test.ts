import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { readOutline } from '../../../src/yaml/locate/outline.ts'
import { fastOutline } from '../../../src/yaml/locate/resource-list-outline.ts'
import { scan } from '../../../src/yaml/locate/scan.ts'
import { readYaml } from '../../../src/yaml/parse/read-yaml.ts'
import type { ValueSpan } from '../../../src/yaml/parse/value-span.ts'
import { dataOf, entryOf } from '../../../src/yaml/tree/value.ts'
import { blockMapping, brokenDocument, lineSoup, oddDocument } from '../../fixtures/odd-yaml.ts'
import { factsOf, parse } from '../../fixtures/tree-facts.ts'

const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'

/** Everything an outline leads to, as plain values. */
async function valuesIn(text: string) {
  const bytes = Buffer.from(text)
  const outline = await readOutline(scan(bytes))
  const valueIn = async (span: ValueSpan | undefined) => {
    const tree = span && (await readYaml(bytes, span))
    return tree && dataOf(tree, tree.root)
  }
  const items = await Promise.all([...outline.items].map(valueIn))
  if (outline.shape === 'stream') return { shape: outline.shape, items }
  const [functionConfig, results] = await Promise.all([
    valueIn(outline.functionConfig),
    valueIn(outline.results),
  ])
  return { shape: outline.shape, apiVersion: outline.apiVersion, items, functionConfig, results }
}

describe('a ResourceList', () => {
  const value = {
    shape: 'ResourceList',
    apiVersion: 'config.kubernetes.io/v1',
    items: [{ a: 'b', c: ['d'] }, 'e'],
    functionConfig: { f: 1 },
    results: [{ message: 'g' }],
  }
  test.each([
    [
      'in blocks',
      `${head}items:\n- a: b\n  c:\n  - d\n- e\nfunctionConfig:\n  f: 1\nresults:\n- message: g\n`,
    ],
    [
      'in indented blocks',
      `${head}functionConfig: {f: 1}\nresults:\n  - message: g\nitems:\n  - a: b\n    c: [d]\n  - e\n`,
    ],
    [
      'in a block with quoted keys',
      `${head}"items":\n- a: b\n  c: [d]\n- e\nfunctionConfig: {f: 1}\nresults: [{message: g}]\n`,
    ],
    [
      'in an indented document',
      `${head}items:\n- a: b\n  c: [d]\n- e\nfunctionConfig: {f: 1}\nresults:\n- message: g\n`.replaceAll(
        /^/gm,
        '  ',
      ),
    ],
    [
      'in flow',
      '--- {apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: [{a: b, c: [d]}, e], functionConfig: {f: 1}, results: [{message: g}]}\n',
    ],
    [
      'in JSON',
      JSON.stringify({
        apiVersion: 'config.kubernetes.io/v1',
        kind: 'ResourceList',
        items: [{ a: 'b', c: ['d'] }, 'e'],
        functionConfig: { f: 1 },
        results: [{ message: 'g' }],
      }),
    ],
    [
      'with aliases across items',
      `${head}items:\n- a: b\n  c: &x [d]\n- &y e\nfunctionConfig: {f: 1}\nresults:\n- message: g\n# *x\n`,
    ],
  ])('%s', async (_name, text) => {
    expect(await valuesIn(text)).toEqual(value)
  })

  test('whose items use anchors of other items', async () => {
    expect(await valuesIn(`${head}items:\n- &x {a: b}\n- c: *x\n- *x\n`)).toMatchObject({
      items: [{ a: 'b' }, { c: { a: 'b' } }, { a: 'b' }],
    })
  })

  test('knows every alias of the whole list', async () => {
    const bytes = Buffer.from(`${head}items:\n- &x {a: b}\n- c: *x\n`)
    const { items } = await readOutline(scan(bytes))
    const [first] = await Promise.all([...items].map(item => readYaml(bytes, item)))
    expect(first?.aliases.map(({ to }) => to)).toEqual([first?.root])
  })

  test.each([
    [
      `${head}items:\n- a\n---\nb: c\n`,
      '5:1: a ResourceList must be the only document of the input, found another',
    ],
    [`${head}items: text\n`, '3:8: `items` of a ResourceList must be a sequence'],
    [`${head}items: [a\n`, 'must be YAML'],
  ])('is refused: %j', async (text, message) => {
    await expect(readOutline(scan(Buffer.from(text)))).rejects.toThrow(message)
  })
})

describe('a stream', () => {
  test.each([
    ['of resources', 'kind: A\n---\nkind: B\n', [{ kind: 'A' }, { kind: 'B' }]],
    ['that begins with anything', '- a\n---\nb\n', [['a'], 'b']],
    [
      'that mentions ResourceLists',
      'kind: A\nb: ResourceList\n',
      [{ kind: 'A', b: 'ResourceList' }],
    ],
    [
      'whose first document has odd keys',
      'some_key: ResourceList\n',
      [{ some_key: 'ResourceList' }],
    ],
    [
      'with a ResourceList of another group',
      'apiVersion: v1\nkind: ResourceList\n',
      [{ apiVersion: 'v1', kind: 'ResourceList' }],
    ],
    [
      'with a ResourceList later',
      `kind: A\n---\n${head}`,
      [{ kind: 'A' }, { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList' }],
    ],
    ['of nothing', '', []],
    ['of an empty document', '---\n# a\n', [undefined]],
  ])('%s', async (_name, text, items) => {
    expect(await valuesIn(text)).toEqual({ shape: 'stream', items })
  })
})

describe('what hosts send is read as by the full parser', () => {
  const data = new URL('../data/', import.meta.url)
  const lists = readdirSync(data).filter(name => /^(?:kpt|kustomize-(?!legacy))/.test(name))

  test.each(lists)('%s', async name => {
    const text = readFileSync(new URL(name, data), 'utf8')
    const tree = parse(text)
    const { apiVersion, items, functionConfig } = dataOf(tree, tree.root) as Record<string, unknown>
    expect(await valuesIn(text)).toEqual({
      shape: 'ResourceList',
      apiVersion,
      items: items ?? [],
      functionConfig,
      results: undefined,
    })
    expect(fastOutline(scan(Buffer.from(text)))).toMatchObject({ shape: 'ResourceList' })
  })
})

/**
 * The facts of each item, read one by one; of the same nodes if the whole list is parsed at
 * once.
 */
async function itemsBothWays(
  text: string,
): Promise<{ apart: unknown; together: unknown } | undefined> {
  const bytes = Buffer.from(text)
  const outline = fastOutline(scan(bytes))
  const tree = orNothing(() => parse(text))
  const items = entryOf(tree ?? parse(''), tree?.root, 'items')?.value
  if (outline === undefined || outline === 'other' || !tree || items?.kind !== 'sequence')
    return undefined
  const trees = await Promise.all([...outline.items].map(item => readYaml(bytes, item)))
  return {
    apart: trees.map(tree => factsOf(tree)),
    together: items.items.map(item => (item.start === item.end ? 'nothing' : factsOf(tree, item))),
  }
}

describe('items read one by one are the items of the whole list', () => {
  const lists = fc
    .tuple(
      fc.array(
        fc.oneof(
          blockMapping,
          fc.constant(() => '   # c\n'),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      fc.constantFrom(0, 0, 2, 3),
      fc.constantFrom('', '# c\n', '\n'),
    )
    .map(([items, column, gap]) => {
      const texts = items.map(
        write => `${' '.repeat(column)}-${write(column + 2).slice(column + 1)}`,
      )
      return `${head}items:\n${texts.join(gap)}functionConfig:\n  a: b\n`
    })
  const soups = fc
    .array(fc.oneof(lineSoup, oddDocument, brokenDocument), { minLength: 1, maxLength: 3 })
    .map(pieces => `${head}items:\n- a\n${pieces.map(piece => `- ${piece}`).join('')}`)

  test.each([
    ['for odd items', lists, 0.3],
    ['for soups', soups, 0.002],
  ])('%s', async (_name, texts, share) => {
    let compared = 0
    const numRuns = 1000
    await fc.assert(
      fc.asyncProperty(texts, async text => {
        // an absent key has no text
        const ways = /^[- ]*:(?:\s|$)/m.test(text) ? undefined : await itemsBothWays(text)
        if (!ways) return
        compared++
        expect(ways.apart).toEqual(ways.together)
      }),
      { numRuns },
    )
    expect(compared / numRuns).toBeGreaterThan(share)
  })
})

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

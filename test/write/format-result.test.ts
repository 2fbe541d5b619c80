import fc from 'fast-check'
import type { Result } from '../../src/krm/result.ts'
import { resultFormatter } from '../../src/write/format-result.ts'
import { replaceResults } from '../../src/write/replace-results.ts'
import { readOutline } from '../../src/yaml/locate/outline.ts'
import { scan } from '../../src/yaml/locate/scan.ts'
import { dataOf } from '../../src/yaml/tree/value.ts'
import { applied, parse } from '../fixtures/tree-facts.ts'

const message = { message: 'Pod p: done', severity: 'info' } as const
const head = '\n- message: "Pod p: done"\n  severity: info'

test.each<[string, Result, string]>([
  ['a message alone', message, head],
  [
    'a resource',
    { ...message, resourceRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' } },
    `${head}\n  resourceRef:\n    apiVersion: v1\n    kind: Pod\n    name: p`,
  ],
  [
    'a resource of a namespace',
    { ...message, resourceRef: { apiVersion: 'v1', kind: 'Pod', namespace: 'on', name: '42' } },
    `${head}\n  resourceRef:\n    apiVersion: v1\n    kind: Pod\n    namespace: "on"\n    name: "42"`,
  ],
  ['a field', { ...message, field: { path: 'a[0]' } }, `${head}\n  field:\n    path: "a[0]"`],
  [
    'a field that changes',
    { ...message, field: { path: 'a', currentValue: 'b:1', proposedValue: 'b:2' } },
    `${head}\n  field:\n    path: a\n    currentValue: b:1\n    proposedValue: b:2`,
  ],
  [
    'a field that comes',
    { ...message, field: { path: 'a', proposedValue: '' } },
    `${head}\n  field:\n    path: a\n    proposedValue: ""`,
  ],
  [
    'a field that goes',
    { ...message, field: { path: 'a', currentValue: '~' } },
    `${head}\n  field:\n    path: a\n    currentValue: "~"`,
  ],
  ['a file', { ...message, file: { path: 'a b.yaml' } }, `${head}\n  file:\n    path: a b.yaml`],
  [
    'a file of several',
    { ...message, file: { path: 'a.yaml', index: 0 } },
    `${head}\n  file:\n    path: a.yaml\n    index: 0`,
  ],
  [
    'tags',
    { ...message, tags: { policy: 'x/app', 'a b': 'c\nd' } },
    `${head}\n  tags:\n    policy: x/app\n    a b: "c\\nd"`,
  ],
])('%s', (_name, result, text) => {
  expect(resultFormatter()(result)).toBe(text)
})

const text = fc.oneof(
  fc.constantFrom(
    'v1',
    'Pod',
    'team-0',
    'ghcr.io/a/b:1.0',
    'spec.containers[0].image',
    'yes',
    '0x1',
    '1e3',
    '2024-01-01',
    '',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\n',
      '\r',
      '\t',
      ' ',
      ':',
      '#',
      '"',
      '\\',
      "'",
      '\u0085',
      '\u2028',
      '\ufeff',
      '\ud800',
      'a',
      '😀',
    ),
  }),
  fc.string({ minLength: 1_000, maxLength: 20_000 }),
)
const result: fc.Arbitrary<Result> = fc
  .record({
    message: text,
    severity: fc.constantFrom('error', 'warning', 'info'),
    resourceRef: fc.option(
      fc.record(
        { apiVersion: text, kind: text, namespace: text, name: text },
        { requiredKeys: ['apiVersion', 'kind', 'name'] },
      ),
    ),
    field: fc.option(
      fc.record(
        { path: text, currentValue: text, proposedValue: text },
        { requiredKeys: ['path'] },
      ),
    ),
    file: fc.option(fc.record({ path: text, index: fc.nat() }, { requiredKeys: ['path'] })),
    tags: fc.option(
      fc.record({ code: text, policy: text, reason: text }, { requiredKeys: ['policy'] }),
    ),
  })
  .map(
    drawn =>
      Object.fromEntries(
        Object.entries(drawn).filter(([, value]) => value !== null),
      ) as unknown as Result,
  )

test.each([
  ['a list', 'items:\n- a\n'],
  ['a list with indented items', 'items:\n    - a\n'],
  ['a list of windows', 'items:\r\n- a\r\n'],
  ['a list without a last line end', 'items:\n- a'],
])('whatever results say comes back from %s', async (_name, items) => {
  const input = Buffer.from(`apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${items}`)
  const outline = await readOutline(scan(input))
  if (outline.shape !== 'ResourceList') throw new Error('no ResourceList')
  fc.assert(
    fc.property(fc.array(result, { minLength: 1, maxLength: 5 }), results => {
      const tree = parse(applied(input, replaceResults(outline, results)))
      expect((dataOf(tree, tree.root) as { results: unknown }).results).toEqual(results)
    }),
  )
})

import { openFor } from '../../src/steps/open-for.ts'
import { rootProblem, skippedByFlux } from '../../src/targets/skipped-by-flux.ts'
import { evaluateAll } from '../fixtures/evaluated.ts'

const marked = 'image: ghcr.io/acme/app:v1.0.0 # {"$imagepolicy": "flux-system:app"}\n'
const reasonFor = async (text: string, file?: string) =>
  skippedByFlux()(
    await openFor(Buffer.from(text), { writable: true, ...(file !== undefined && { file }) }),
  )

const sequence = 'a document whose root is a sequence'
const scalar = 'a document whose root is a scalar'

test.each([
  ['a: b\n', undefined],
  ['\n# c: d\n\n--- # e\n"a b": c\n', undefined],
  ['\ufeffa: b\n', undefined],
  ["'a''b' : c\r\n", undefined],
  ['{a: b}\n', undefined],
  ['? a\n: b\n', undefined],
  ['a:\n', undefined],
  ['!!map\na: b\n', undefined],
  ['&x !t # c\na: b\n', undefined],
  ['!!map {a: b}\n', undefined],
  ['# nothing\n', undefined],
  ['...\n', undefined],
  ['~\n', undefined],
  ['null # c\n', undefined],
  ['- a\n', sequence],
  ['-\n  a: b\n', sequence],
  ['[a]\n', sequence],
  ['&x\n- a\n', sequence],
  ['  - a: b\n', sequence],
  ['plain\n', scalar],
  ['plain # a: b\n', scalar],
  ['"a: b"\n', scalar],
  ["'a: b' # c: d\n", scalar],
  ['| # a: b\n  c: d\n', scalar],
  ['a:b\n', scalar],
  ['!!str a\n', scalar],
])('the root of %j: %s', (text, expected) => {
  const bytes = Buffer.from(text)
  expect(rootProblem(bytes, { start: 0, end: bytes.length })).toBe(expected)
})

test.each([
  ['a stream', undefined, `- a\n---\n${marked}---\nplain\n`, undefined],
  ['a file with a sequence', 'a.yaml', `${marked}---\n- a\n`, sequence],
  ['a file with a scalar', 'a.yaml', `plain\n---\n${marked}`, scalar],
  ['a file of mappings', 'a.yaml', `--- # c\na: b\n---\n${marked}`, undefined],
  ['a stream with a directive', undefined, `%YAML 1.2\n---\n${marked}`, 'a `%YAML` line'],
  ['a file with a directive', 'a.yaml', `a: b\n...\n%YAML 1.2\n---\n${marked}`, 'a `%YAML` line'],
  ['a stream with a text', undefined, `${marked}--- a\n`, 'text after `---`'],
  ['a stream with a flow mapping', undefined, `--- {a: b}\n---\n${marked}`, 'text after `---`'],
  [
    'a ResourceList',
    undefined,
    `%YAML 1.2\n---\napiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n`,
    undefined,
  ],
])('%s', async (_what, file, text, reason) => {
  expect(await reasonFor(text, file)).toBe(reason)
})

describe('markers', () => {
  const moved = marked.replace('v1.0.0', 'v1.1.0')

  test('in a stream a document with another root skips only itself', async () => {
    const { texts, warnings } = await evaluateAll([`- a\n---\n${marked}---\nplain\n---\n${marked}`])
    expect(texts).toEqual([`- a\n---\n${moved}---\nplain\n---\n${moved}`])
    expect(warnings).toEqual([])
  })

  test('of a file with such a document are left alone, with one warning; those of other files are not', async () => {
    const skipped = `- a\n---\n${marked}---\n${marked}`
    const { texts, stderr } = await evaluateAll([
      { text: skipped, file: 'a.yaml' },
      { text: marked, file: 'b.yaml' },
    ])
    expect(texts).toEqual([skipped, moved])
    expect(stderr.match(/^warning: .*/gm)).toEqual([
      `warning: a.yaml: its $imagepolicy markers are left alone, as in Flux, because of ${sequence}`,
    ])
  })

  test('of a file without markers are not a warning', async () => {
    const { warnings } = await evaluateAll([
      { text: '- a\n---\nb: "\\u0061"\n', file: 'a.yaml' },
      { text: marked, file: 'b.yaml' },
    ])
    expect(warnings).toEqual([])
  })
})

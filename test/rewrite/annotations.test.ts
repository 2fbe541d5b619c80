import { parse } from 'yaml'
import { recordedTags } from '../../src/index.ts'
import { policyFor, runOn, someTags } from '../fixtures/apply.ts'

const pod = (images: string[], annotations: string[] = []) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n${annotations.length > 0 ? `  annotations:\n${annotations.map(line => `    ${line}\n`).join('')}` : ''}spec:\n  containers:\n${images.map(image => `  - image: ${image}\n`).join('')}`
const app = 'ghcr.io/acme/app'
const builds = 'ghcr.io/acme/builds'
const numerical = 'numerical: {order: asc}'
const buildsPolicy = policyFor(builds, { name: 'builds', policy: numerical })

test('two repositories with one last part: the second gets a longer name', async () => {
  const policies = `${policyFor(app)}---\n${policyFor('ghcr.io/other/app', { name: 'other' })}`
  const { text } = await runOn(
    pod([`${app}:v1.0.0`, 'ghcr.io/other/app:v1.0.0', `${app}:v1.0.0`]),
    { policies },
  )
  expect(text).toBe(
    pod(
      [`${app}:v1.1.0`, 'ghcr.io/other/app:v1.5.0', `${app}:v1.1.0`],
      ['fluxcd.io/tag.app: v1.1.0', 'fluxcd.io/tag.other.app: v1.5.0'],
    ),
  )
})

test('a key has at most 63 characters behind its prefix and ends in a letter or digit; cut names that collide stay apart', async () => {
  const long = `${'x'.repeat(48)}-${'y'.repeat(30)}`
  const repositories = [`ghcr.io/one/${long}1`, `ghcr.io/two/${long}2`]
  const policies = repositories
    .map((repository, index) => policyFor(repository, { name: `p${index}`, policy: numerical }))
    .join('---\n')
  const source = recordedTags(new Map(repositories.map(repository => [repository, ['42']])))
  const { moved } = await runOn(pod(repositories.map(repository => `${repository}:7`)), {
    policies,
    source,
  })
  const keys = moved.flatMap(
    change => /^metadata\.annotations\[fluxcd\.io\/(.*)\] 42$/.exec(change)?.[1] ?? [],
  )
  expect(keys).toHaveLength(4)
  expect(new Set(keys).size).toBe(4)
  for (const key of keys) {
    expect(key.length).toBeLessThanOrEqual(63)
    expect(key).toMatch(/[a-z0-9]$/)
  }
  expect(keys[0]).toBe(`tag.${'x'.repeat(48)}-${'y'.repeat(10)}`)
})

test('a Flux v1 policy is never overwritten', async () => {
  const input = pod([`${app}:v1.0.0`], ['fluxcd.io/tag.app: glob:v1.*'])
  const { text, infos } = await runOn(input)
  expect(text).toBe(input.replace('v1.0.0', 'v1.1.0'))
  expect(infos).toContain(
    'Pod p metadata.annotations[fluxcd.io/tag.app]: holds a Flux v1 policy ("glob:v1.*"), so the chosen tag "v1.1.0" is not written there',
  )
})

test('a stale tag is updated where it stands, with the rest of its line', async () => {
  const { text } = await runOn(
    pod([`${app}:v1.1.0`], ['fluxcd.io/tag.app: "v0.9" # ours', 'zebra: a']),
  )
  expect(text).toBe(pod([`${app}:v1.1.0`], ['fluxcd.io/tag.app: "v1.1.0" # ours', 'zebra: a']))
})

describe('build numbers', () => {
  test('of one image, quoted', async () => {
    const { text } = await runOn(pod([`${builds}:7`]), { policies: buildsPolicy })
    expect(text).toBe(
      pod([`${builds}:42`], ['fluxcd.io/tag.builds: "42"', 'fluxcd.io/build.number: "42"']),
    )
  })

  test('the named group of a pattern', async () => {
    const policies = policyFor(app, {
      spec: 'filterTags: {pattern: "^v1\\\\.(?P<build>[0-9]+)\\\\.0$"}',
    })
    expect((await runOn(pod([`${app}:v1.0.0`]), { policies })).text).toBe(
      pod([`${app}:v1.1.0`], ['fluxcd.io/tag.app: v1.1.0', 'fluxcd.io/build.number: "1"']),
    )
  })

  test('of several images, each by its name; the common one goes', async () => {
    const policies = `${buildsPolicy}---\n${policyFor('ghcr.io/acme/more', { name: 'more', policy: numerical })}`
    const source = recordedTags(
      new Map([builds, 'ghcr.io/acme/more'].map(repository => [repository, ['42']])),
    )
    const { text } = await runOn(
      pod([`${builds}:7`, 'ghcr.io/acme/more:7'], ['fluxcd.io/build.number: "7"', 'a: b']),
      { policies, source },
    )
    const annotations = ['a: b', 'fluxcd.io/tag.builds: "42"', 'fluxcd.io/tag.more: "42"']
    expect(text).toBe(
      pod(
        [`${builds}:42`, 'ghcr.io/acme/more:42'],
        [
          ...annotations,
          'fluxcd.io/build.number.builds: "42"',
          'fluxcd.io/build.number.more: "42"',
        ],
      ),
    )
  })

  test('one that is no longer known goes', async () => {
    const { text, infos } = await runOn(
      pod([`${app}:v1.1.0`], ['fluxcd.io/tag.app: v1.1.0', 'fluxcd.io/build.number: "7"']),
    )
    expect(text).toBe(pod([`${app}:v1.1.0`], ['fluxcd.io/tag.app: v1.1.0']))
    expect(infos).toContain('Pod p metadata.annotations[fluxcd.io/build.number]: removed, was "7"')
  })

  test.each([
    ['unchanged', '42', '42', ['fluxcd.io/tag.builds: "42"', 'fluxcd.io/build.number: "42"']],
    ['changed', '7', '7', ['fluxcd.io/tag.builds: "42"']],
  ])(
    'by a status, which does not tell it: that of an %s image',
    async (_name, tag, build, after) => {
      const policies = policyFor(builds, {
        name: 'builds',
        policy: numerical,
        status: `latestRef: {name: ${builds}, tag: "42"}`,
      })
      const input = pod(
        [`${builds}:${tag}`],
        [`fluxcd.io/tag.builds: "${tag}"`, `fluxcd.io/build.number: "${build}"`],
      )
      expect((await runOn(input, { policies, config: { source: 'status' } })).text).toBe(
        pod([`${builds}:42`], after),
      )
    },
  )

  test('that of an image whose registry does not answer stays', async () => {
    const policies = `${policyFor(app)}---\n${policyFor('ghcr.io/acme/dead', { name: 'dead', policy: numerical })}`
    const input = pod(
      [`${app}:v1.0.0`, 'ghcr.io/acme/dead:7'],
      ['fluxcd.io/tag.app: v1.0.0', 'fluxcd.io/build.number: "7"'],
    )
    const { text } = await runOn(input, {
      policies,
      config: { onError: 'keep-current' },
      source: someTags(),
    })
    expect(text).toBe(input.replaceAll('v1.0.0', 'v1.1.0'))
  })
})

describe('of a marked image', () => {
  const marked = (tag: string) => `${builds}:${tag} # {"$imagepolicy": "flux-system:builds"}`

  test('none is written', async () => {
    expect((await runOn(pod([marked('7')]), { policies: buildsPolicy })).text).toBe(
      pod([marked('42')]),
    )
  })

  test('those that stand are updated', async () => {
    const standing = (value: string) => [
      `fluxcd.io/tag.builds: "${value}"`,
      `fluxcd.io/build.number: "${value}"`,
    ]
    expect((await runOn(pod([marked('7')], standing('7')), { policies: buildsPolicy })).text).toBe(
      pod([marked('42')], standing('42')),
    )
  })
})

test('with annotations: false none is touched', async () => {
  const input = pod([`${app}:v1.0.0`], ['fluxcd.io/tag.app: v1.0.0'])
  expect((await runOn(input, { config: { annotations: false } })).text).toBe(
    input.replace('app:v1.0.0', 'app:v1.1.0'),
  )
})

test.each([
  ['missing metadata', '', 'metadata:\n  annotations:\n    fluxcd.io/tag.app: v1.1.0\n'],
  [
    'flow metadata',
    'metadata: {name: p}\n',
    'metadata: {name: p, annotations: {fluxcd.io/tag.app: v1.1.0}}\n',
  ],
  [
    'empty metadata',
    'metadata: {}\n',
    'metadata:\n  annotations:\n    fluxcd.io/tag.app: v1.1.0\n',
  ],
  [
    'empty annotations',
    'metadata:\n  annotations: {}\n',
    'metadata:\n  annotations:\n    fluxcd.io/tag.app: v1.1.0\n',
  ],
  [
    'null annotations',
    'metadata:\n    annotations:\n    name: p\n',
    'metadata:\n    annotations:\n        fluxcd.io/tag.app: v1.1.0\n    name: p\n',
  ],
  [
    'commented annotations',
    'metadata:\n  annotations: # ours\n    # first\n    a: b # last\n',
    'metadata:\n  annotations: # ours\n    # first\n    a: b # last\n    fluxcd.io/tag.app: v1.1.0\n',
  ],
])('%s', async (_name, before, after) => {
  const rest = (tag: string) => `spec:\n  containers:\n  - image: ${app}:${tag}\n`
  const document = (metadata: string, tag: string) =>
    `apiVersion: v1\nkind: Pod\n${metadata}${rest(tag)}`
  const input = document(before, 'v1.0.0')
  const { text } = await runOn(input)
  expect(parse(text)).toEqual(
    parse(
      before === ''
        ? `apiVersion: v1\nkind: Pod\n${rest('v1.1.0')}${after}`
        : document(after, 'v1.1.0'),
    ),
  )
  if (before !== '') expect(text).toBe(document(after, 'v1.1.0'))
  expect((await runOn(text)).text).toBe(text)
})

test('annotations that an alias shares are an error that says what to do', async () => {
  const input = `apiVersion: v1\nkind: Pod\nmetadata:\n  annotations: &a {b: c}\n  labels: *a\nspec:\n  containers:\n  - image: ${app}:v1.0.0\n`
  const { errors, text } = await runOn(input)
  expect(text).toBe('')
  expect(errors[0]).toContain('Pod metadata.annotations: must be a mapping of its own to be edited')
})

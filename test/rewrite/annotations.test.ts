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

test('a key has at most 63 characters after its prefix and ends in a letter or digit; cut names that collide stay apart', async () => {
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
  expect(keys).toContain(`tag.${'x'.repeat(48)}-${'y'.repeat(10)}`)
})

test('a Flux v1 policy is never overwritten', async () => {
  const input = pod([`${app}:v1.0.0`], ['fluxcd.io/tag.app: glob:v1.*'])
  const { text, infos } = await runOn(input)
  expect(text).toBe(input.replace('v1.0.0', 'v1.1.0'))
  expect(infos).toContain(
    'Pod p metadata.annotations[fluxcd.io/tag.app]: holds a Flux v1 policy ("glob:v1.*"), so the chosen tag "v1.1.0" is not written there',
  )
})

test('a stale tag is updated in its place, with the rest of its line', async () => {
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

  test('one that is no longer known is removed', async () => {
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

  test('those that exist are updated', async () => {
    const existing = (value: string) => [
      `fluxcd.io/tag.builds: "${value}"`,
      `fluxcd.io/build.number: "${value}"`,
    ]
    expect((await runOn(pod([marked('7')], existing('7')), { policies: buildsPolicy })).text).toBe(
      pod([marked('42')], existing('42')),
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

describe('containers of one repository with policies of their own', () => {
  const policies = [
    policyFor(builds, { name: 'new', policy: numerical }),
    policyFor(builds, { name: 'old', policy: 'numerical: {order: desc}' }),
  ].join('---\n')
  const name = 'n'.repeat(55)
  /** A Pod with a container for each policy. */
  const bound = (names: readonly string[], annotations: readonly string[], image = builds) =>
    pod(
      names.map(policy => `${image}:${policy === 'new' ? 42 : 7}\n    name: c-${policy}`),
      [
        ...annotations,
        ...names.map(policy => `fluxcd.io/policy.c-${policy}: flux-system:${policy}`),
      ],
    )
  const ours = (text: string) =>
    Object.entries(parse(text).metadata.annotations)
      .filter(([key]) => !key.startsWith('fluxcd.io/policy.'))
      .map(([key, value]) => `${key.replace('fluxcd.io/', '')} ${value}`)
      .sort()
  const each = [
    'build.number.builds_c-new 42',
    'build.number.builds_c-old 7',
    'tag.builds_c-new 42',
    'tag.builds_c-old 7',
  ]
  const one = ['build.number 42', 'tag.builds 42']

  test.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ['tags differ: a key for each', ['new', 'old'], [], each],
    ['in another order: the same keys', ['old', 'new'], [], each],
    [
      'keys of the image go',
      ['new', 'old'],
      ['fluxcd.io/tag.builds: "42"', 'fluxcd.io/build.number: "42"'],
      each,
    ],
    [
      'a key of a container that is gone goes',
      ['new', 'old'],
      ['fluxcd.io/tag.builds_gone: "1"', 'fluxcd.io/build.number.builds_gone: "1"'],
      each,
    ],
    [
      'tags agree: one key, and those of containers go',
      ['new'],
      [
        'fluxcd.io/tag.builds_c-new: "42"',
        'fluxcd.io/tag.builds_c-old: "7"',
        'fluxcd.io/build.number.builds_c-new: "42"',
      ],
      one,
    ],
    [
      'other annotations stay',
      ['new'],
      ['fluxcd.io/tag.buildsx: a', 'fluxcd.io/tags: b'],
      [...one, 'tag.buildsx a', 'tags b'],
    ],
  ])('%s', async (_what, names, before, after) => {
    const { text, errors } = await runOn(bound(names, before), { policies })
    expect(errors).toEqual([])
    expect(ours(text)).toEqual([...after].sort())
    expect((await runOn(text, { policies })).moved).toEqual([])
  })

  test('a long name is cut, with a hash; when tags agree again the cut keys go', async () => {
    const long = `ghcr.io/acme/${name}`
    const source = recordedTags(new Map([[long, ['7', '42']]]))
    const longPolicies = policies.replaceAll(builds, long)
    const { text } = await runOn(bound(['new', 'old'], [], long), {
      policies: longPolicies,
      source,
    })
    const keys = ours(text)
    expect(keys.filter(key => /^tag\.n{50}-[0-9a-f]{8} /.test(key))).toHaveLength(2)
    const annotations = keys.map(key => `fluxcd.io/${key.replace(' ', ': "')}"`)
    const later = await runOn(bound(['new'], annotations, long), { policies: longPolicies, source })
    expect(ours(later.text)).toEqual(['build.number 42', `tag.${name} 42`])
  })
})

describe('the annotations of marked images beside others', () => {
  const marked = (tag: string) => `${app}:${tag} # {"$imagepolicy": "flux-system:marked"}`
  const policies = `${buildsPolicy}---\n${policyFor(app, { name: 'marked', policy: 'semver: {range: "1.x"}', spec: 'filterTags: {pattern: "^v1.(?P<build>[0-9]+)"}' })}`

  test('are not added by the second run, when the others have theirs', async () => {
    const { text } = await runOn(pod([`${builds}:7`, marked('v1.0.0')]), { policies })
    expect(text).toBe(
      pod(
        [`${builds}:42`, marked('v1.1.0')],
        ['fluxcd.io/tag.builds: "42"', 'fluxcd.io/build.number.builds: "42"'],
      ),
    )
    expect((await runOn(text, { policies })).text).toBe(text)
  })

  test('stay when tags of containers agree again', async () => {
    const both = ['a', 'b'].map(name => `${marked('v1.0.0')}\n    name: ${name}`)
    const present = ['fluxcd.io/tag.app_a: v1.0.0', 'fluxcd.io/tag.app_b: v0.9.0']
    const { text } = await runOn(pod(both, present), { policies })
    expect(parse(text).metadata.annotations).toEqual({ 'fluxcd.io/tag.app': 'v1.1.0' })
  })
})

test('after a registry failed, containers keep their keys: its containers may have another tag', async () => {
  const dead = policyFor('ghcr.io/acme/dead', { name: 'dead' })
  const present = ['fluxcd.io/tag.app_a: v1.1.0', 'fluxcd.io/tag.app_b: v1.0.0']
  const input = pod([`${app}:v1.1.0\n    name: a`, 'ghcr.io/acme/dead:1\n    name: b'], present)
  const { text } = await runOn(input, {
    policies: `${policyFor(app)}---\n${dead}`,
    config: { onError: 'keep-current' },
  })
  expect(text).toBe(input)
})

describe('an annotation with a marker', () => {
  const annotated = (marker: string) =>
    pod(
      [`${app}:v1.1.0`],
      [`fluxcd.io/tag.app: v1.0.0 # {"$imagepolicy": "flux-system:${marker}:tag"}`],
    )

  test('that names an unknown policy stays, as any marked field', async () => {
    const input = annotated('unknown')
    expect((await runOn(input)).text).toBe(input)
  })

  test('is ours with targets.markers: false', async () => {
    const input = annotated('unknown')
    const { text } = await runOn(input, { config: { targets: { markers: false } } })
    expect(text).toBe(input.replace('v1.0.0', 'v1.1.0'))
  })
})

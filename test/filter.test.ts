import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type FilterOptions, filter } from '../src/filter.ts'
import { applyImagePolicies, recordedTags } from '../src/index.ts'
import { policyFor, runOn, someTags, workload } from './fixtures/apply.ts'

const app = 'ghcr.io/acme/app'
const inItem = (text: string) =>
  text
    .trimEnd()
    .replace(/^(?=.)/gm, '  ')
    .replace(/^ {2}/, '- ')
const itemsOf = (...documents: string[]) => `items:\n${documents.map(inItem).join('\n')}\n`
const pod = (tag: string, annotations = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n${annotations}spec:\n  containers:\n  - image: ${app}:${tag} # kept\n`
const annotated = '  annotations:\n    fluxcd.io/tag.app: v1.1.0\n'
const policies = policyFor(app).split('---\n')
const head = (version = 'v1') => `apiVersion: config.kubernetes.io/${version}\nkind: ResourceList\n`
const config =
  'functionConfig:\n  apiVersion: fn.kpt.dev/v1alpha1\n  kind: ApplyImagePolicies\n  metadata:\n    name: image-policies\n'
const check = config.replace('Apply', 'Check')
const apply = async (input: string) => runOn(input, { policies: '' })

describe('a ResourceList', () => {
  test.each<readonly [string, string, string]>([
    ...['v1', 'v1beta1', 'v1alpha1'].map(version => [version, head(version), ''] as const),
    ['functionConfig before its items', head() + config, ''],
    ['functionConfig after its items', head(), config],
    ['an empty functionConfig', `${head()}functionConfig: {}\n`, ''],
    ['a null functionConfig', `${head()}functionConfig: null\n`, ''],
  ])('%s: items changed, every other byte kept, results last', async (_name, before, after) => {
    const { text, exitCode } = await apply(before + itemsOf(pod('v1.0.0'), ...policies) + after)
    const expected = before + itemsOf(pod('v1.1.0', annotated), ...policies) + after
    expect(text.slice(0, expected.length)).toBe(expected)
    expect(text.slice(expected.length)).toMatch(/^results:\n- message: /)
    expect(Object.keys(parse(text)).at(-1)).toBe('results')
    expect(exitCode).toBe(0)
  })

  test('results of an earlier function are removed, wherever they are', async () => {
    const old = 'results:\n- message: old\n  severity: info\n'
    const items = itemsOf(pod('v1.1.0', annotated), ...policies)
    for (const input of [head() + old + items, head() + items + old]) {
      const { text } = await apply(input)
      expect(text.startsWith(head() + items)).toBe(true)
      expect(text.match(/^results:/gm)).toHaveLength(1)
      expect(text).not.toContain('message: old')
    }
  })

  test.each(['items: []\n', 'items:\n', 'items: [ ]   # none\n'])('%j is fine', async items => {
    const { text, exitCode, results } = await apply(head() + items)
    expect(text.startsWith(head() + items)).toBe(true)
    expect({ exitCode, results }).toEqual({
      exitCode: 0,
      results: [
        {
          message: 'summary: nothing was changed, because no policy applies to the input',
          severity: 'info',
        },
        { message: expect.stringMatching(/^no policy was found/), severity: 'warning' },
      ],
    })
  })

  test('JSON in, JSON out', async () => {
    const object = {
      apiVersion: 'config.kubernetes.io/v1',
      kind: 'ResourceList',
      items: [pod('v1.0.0'), ...policies].map(text => parse(text)),
    }
    for (const input of [JSON.stringify(object), JSON.stringify(object, undefined, 2)]) {
      const { text } = await apply(input)
      const { items, results } = JSON.parse(text)
      expect(items).toEqual(
        [pod('v1.1.0', annotated), ...policies].map(document => parse(document)),
      )
      expect(results[0].message).toBe('summary: updated 1 image and 1 annotation by 1 policy')
    }
  })

  test('CRLF, a BOM and a missing last line end stay', async () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n')
    const { text } = await apply(
      `\uFEFF${crlf(head() + itemsOf(pod('v1.0.0'), ...policies)).trimEnd()}`,
    )
    const expected = `\uFEFF${crlf(head() + itemsOf(pod('v1.1.0', annotated), ...policies)).trimEnd()}`
    expect(text.slice(0, expected.length)).toBe(expected)
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
    const stream = `\uFEFF${crlf(pod('v1.0.0', annotated.replace('1.1', '1.0')))}`
    expect((await runOn(stream)).text).toBe(stream.replaceAll('v1.0.0', 'v1.1.0'))
  })

  test('in check mode the items stay byte for byte, each image that would change is an error, and the code is 2', async () => {
    const input = head() + itemsOf(pod('v1.0.0'), ...policies) + check
    const { text, exitCode, results } = await apply(input)
    expect(text.startsWith(input)).toBe(true)
    expect(exitCode).toBe(2)
    expect(results.map(({ severity, tags }) => [severity, tags?.code])).toEqual([
      ['error', 'UPDATES_FOUND'],
      ['info', undefined],
      ['info', undefined],
      ['info', undefined],
    ])
    expect(results[0]).toMatchObject({
      resourceRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' },
      field: {
        path: 'spec.containers[0].image',
        currentValue: `${app}:v1.0.0`,
        proposedValue: `${app}:v1.1.0`,
      },
    })
    const current = head() + itemsOf(pod('v1.1.0', annotated), ...policies) + check
    expect(await apply(current)).toMatchObject({ exitCode: 0, moved: [] })
    const unrecorded = head() + itemsOf(pod('v1.1.0'), ...policies) + check
    expect((await apply(unrecorded)).exitCode).toBe(0) // as kustomize renders it
  })

  test('after an error goes out unchanged, with results', async () => {
    const input =
      head() +
      itemsOf(
        pod('v1.0.0'),
        ...policies,
        'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: b}\nspec: {imageRepositoryRef: {name: b}}\n',
      )
    const { text, exitCode, results, moved } = await apply(input)
    expect(text.startsWith(input)).toBe(true)
    expect({ exitCode, moved }).toEqual({ exitCode: 1, moved: [] })
    expect(results.map(({ severity }) => severity)).toEqual(['error', 'error'])
    expect(results.at(-1)?.message).toBe('summary: 1 error, nothing was changed')
  })
})

describe('a stream', () => {
  test('in check mode does not fail if only an annotation can not be written', async () => {
    const shared = (tag: string) => pod(tag, '  labels: &a {a: b}\n  annotations: *a\n')
    const exitCodes = ['v1.1.0', 'v1.0.0'].map(
      async tag => (await runOn(shared(tag), { config: { mode: 'check' } })).exitCode,
    )
    expect(await Promise.all(exitCodes)).toEqual([0, 2])
    expect((await runOn(shared('v1.0.0'))).exitCode).toBe(1)
  })

  test('writes nothing after an error, and nothing if a check finds updates', async () => {
    expect((await runOn(`${pod('v1.0.0')}---\na: [${app}\n`)).text).toBe('')
    expect(await runOn(pod('v1.0.0'), { config: { mode: 'check' } })).toMatchObject({
      text: '',
      exitCode: 2,
    })
    const current = pod('v1.1.0', annotated)
    expect(await runOn(current, { config: { mode: 'check' } })).toMatchObject({
      text: current,
      exitCode: 0,
    })
  })

  test('policies that are read from elsewhere are never emitted; those of the stream stay, local or not', async () => {
    const local = policyFor(app).replaceAll(
      'namespace: flux-system',
      'namespace: flux-system, annotations: {config.kubernetes.io/local-config: "true"}',
    )
    expect((await runOn(pod('v1.0.0'))).text).toBe(pod('v1.1.0', annotated))
    expect((await runOn(`${local}---\n${pod('v1.0.0')}`, { policies: '' })).text).toBe(
      `${local}---\n${pod('v1.1.0', annotated)}`,
    )
  })
})

test('strict makes errors of warnings', async () => {
  const idle = policyFor('ghcr.io/acme/elsewhere', { name: 'idle' })
  const input = `${idle}---\n${pod('v1.1.0', annotated)}`
  expect(await runOn(input)).toMatchObject({
    text: input,
    exitCode: 0,
    errors: [],
  })
  const { text, exitCode, errors } = await runOn(input, { config: { strict: true } })
  expect({ text, exitCode }).toEqual({ text: '', exitCode: 1 })
  expect(errors[0]).toMatch(
    /^ImagePolicy flux-system\/idle spec: governs nothing: .* \(an error because of `strict`\)$/,
  )
})

describe('every kind of error says its code, its place and what to do', () => {
  const dead = recordedTags(new Map())
  test.each<[string, string, Parameters<typeof runOn>[1], string, string, number]>([
    [
      'an empty input',
      '',
      {},
      'BAD_INPUT',
      'stdin: must hold a ResourceList or manifests, got nothing; did the command before the pipe fail?',
      1,
    ],
    [
      'plain text',
      'no such file\n',
      {},
      'BAD_INPUT',
      'stdin: must hold a ResourceList or manifests, got plain text',
      1,
    ],
    ['broken YAML', `a:\n  - ${app}\n b: [\n`, {}, 'BAD_INPUT', 'stdin:3:', 1],
    [
      'a list without items',
      head(),
      {},
      'BAD_INPUT',
      'stdin: a ResourceList must have `items`, if only an empty sequence, got none',
      1,
    ],
    [
      'items that are not a sequence',
      `${head()}items: {a: b}\n`,
      {},
      'BAD_INPUT',
      'stdin:3:8: `items` of a ResourceList must be a sequence',
      1,
    ],
    [
      'a functionConfig that is not a mapping',
      `${head()}items: []\nfunctionConfig: [a]\n`,
      {},
      'BAD_INPUT',
      'stdin: a functionConfig must be a mapping',
      1,
    ],
    [
      'an unknown key',
      pod('v1.0.0'),
      { config: { anotations: true } },
      'BAD_FIELD',
      'ApplyImagePolicies config (functionConfig) spec.anotations: must be one of the known keys; did you mean `annotations`?',
      1,
    ],
    [
      'a missing repository',
      pod('v1.0.0'),
      { policies: policyFor(app).replace('{name: app}, policy', '{name: ap}, policy') },
      'UNKNOWN_POLICY',
      'ImagePolicy flux-system/app (policies[0]) spec.imageRepositoryRef.name: must name an ImageRepository of the input, got "flux-system/ap"; the closest one in the input is "flux-system/app"',
      1,
    ],
    [
      'two policies for one image',
      pod('v1.0.0'),
      { policies: `${policyFor(app)}---\n${policyFor(app, { name: 'b' })}` },
      'AMBIGUOUS_POLICY',
      'Pod p spec.containers[0].image: must be governed by one policy; there are flux-system/app (policies[0]), flux-system/b (policies[0])',
      1,
    ],
    [
      'no tag in the range',
      pod('v1.0.0'),
      { policies: policyFor(app, { policy: 'semver: {range: ">=2"}' }) },
      'NO_TAG_CHOSEN',
      'ImagePolicy flux-system/app (policies[0]) spec',
      1,
    ],
    [
      'a dead registry',
      pod('v1.0.0'),
      { source: dead },
      'REGISTRY_FAILED',
      `ImageRepository flux-system/app (policies[0]) spec.image: no tags are recorded for "${app}"`,
      3,
    ],
  ])('%s', async (_name, input, options, code, text, exitCode) => {
    const ran = await runOn(input, options)
    expect(ran.results[0]?.tags?.code).toBe(code)
    expect(ran.errors[0]?.startsWith(text)).toBe(true)
    expect(ran.errors).toHaveLength(2) // it and the summary
    expect(ran.exitCode).toBe(exitCode)
    const isList = input.includes('\nitems: []')
    expect(ran.text === '' ? !isList : ran.text.startsWith(input)).toBe(true)
    expect(ran.moved).toEqual([])
  })

  test('no tag in the range names the repository with its host, what was listed, what passed, and shows some', async () => {
    const { errors } = await runOn(pod('v1.0.0'), {
      policies: policyFor(app, { policy: 'semver: {range: ">=2"}' }),
    })
    expect(errors[0]).toContain(`(repository ${app})`)
    expect(errors[0]).toMatch(/2 .*"v1\.1\.0"/)
  })

  test('all problems of a run at once', async () => {
    const broken = policyFor(app, { name: 'broken' }).replace(
      '{name: broken}, policy',
      '{name: none}, policy',
    )
    const nothing = policyFor('ghcr.io/acme/none', { name: 'nothing' })
    const input = `${pod('v1.0.0')}---\n${workload('containers:\n- image: ghcr.io/acme/none:1\n')}---\nx: [${app}\n`
    const { errors } = await runOn(input, {
      policies: [policyFor(app, { policy: 'semver: {range: "9"}' }), broken, nothing].join('---\n'),
    })
    expect(errors.slice(0, -1).map(text => text.split(':')[0])).toEqual([
      'ImagePolicy flux-system/broken (policies[0]) spec.imageRepositoryRef.name',
      'stdin',
      'ImagePolicy flux-system/app (policies[0]) spec.policy.semver',
      'ImageRepository flux-system/nothing (policies[0]) spec.image',
    ])
  })
})

describe('what hosts send', () => {
  const folder = new URL('data/hosts/', import.meta.url)
  const source = recordedTags(
    new Map([
      [app, ['1.0.0', '1.5.0', '2.0.0']],
      ['docker.io/library/postgres', ['16.1']],
    ]),
  )
  /** The capture, with a functionConfig of ours instead of the one that it was made with. */
  const captured = (name: string) =>
    readFileSync(new URL(name, folder), 'utf8').replace(/^functionConfig:\n(?:[ ].*\n)*/m, config)
  const applyTo = (input: string) => applyImagePolicies(input, { tagSource: source })

  test.each(readdirSync(folder))(
    '%s: only images and annotations change, and a second run changes nothing',
    async name => {
      const input = captured(name)
      const first = await applyTo(input)
      expect(first.results.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(first.changes.length).toBeGreaterThan(0)
      const text = Buffer.from(first.output).toString()
      const withoutOurs = (list: string) =>
        list
          .replace(/^results:\n(?:[- ].*\n)*/m, '')
          .replace(/^.*fluxcd\.io\/tag\.app: .*\n/gm, '')
          .replaceAll(/(app:|tag: )v?1\.[05]\.0/g, '$1x')
      expect(withoutOurs(text)).toBe(withoutOurs(input))
      const second = await applyTo(text)
      expect(second.changes).toEqual([])
      expect(
        Buffer.from(second.output)
          .toString()
          .split(/^results:/m)[0],
      ).toBe(text.split(/^results:/m)[0])
    },
  )

  test.each([
    'kustomize-transformer-file-prefix-images.stdin',
    'kustomize-transformer-local-config-policies-namesuffix.stdin',
  ])('%s: a policy is found by the name that its references still say', async name => {
    const { changes } = await applyTo(captured(name))
    expect(new Set(changes.map(({ policy }) => policy))).toEqual(new Set(['flux-system/app']))
    expect(changes.map(({ after }) => after)).toContain(`${app}:1.5.0`)
  })
})

describe('after a namespace change', () => {
  const renamed = (document: string) =>
    document.replace(
      'namespace: flux-system',
      'namespace: prod, annotations: {internal.config.kubernetes.io/previousNames: "app,app", internal.config.kubernetes.io/previousNamespaces: "flux-system,staging"}',
    )
  test.each(['flux-system:app', 'prod:app'])('a marker that says %s is understood', async name => {
    const input = `image: ${app}:v1.0.0 # {"$imagepolicy": "${name}"}\n`
    const { text, warnings } = await runOn(input, { policies: policies.map(renamed).join('---\n') })
    expect({ text, warnings }).toEqual({ text: input.replace('v1.0.0', 'v1.1.0'), warnings: [] })
  })
})

test('settings override the functionConfig, and a file replaces it', async () => {
  const world: FilterOptions = {
    mode: 'apply',
    settings: [],
    policies: [{ file: 'p.yaml', bytes: Buffer.from(policyFor(app)) }],
    openTagSource: async () => someTags(),
  }
  const file = (text: string) => ({ file: 'config.yaml', bytes: Buffer.from(text) })
  const replacement =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {annotations: "false", mode: check}\n'
  const input = Buffer.from(pod('v1.0.0'))
  expect((await filter(input, { ...world, config: file(replacement) })).exitCode).toBe(2)
  const won = await filter(input, {
    ...world,
    config: file(replacement),
    settings: [['mode', 'apply']],
  })
  expect([...won.output].join('')).toBe(pod('v1.1.0'))
  const empty = await filter(input, { ...world, config: file('# nothing\n') })
  expect([...empty.stderr].join('')).toBe(
    'error: config.yaml: a functionConfig must be a mapping, a KRM object, got nothing\n',
  )
})

test('an error in the code of the tag source is thrown, not reported as a problem of the input', async () => {
  const listTags = async () => {
    throw new TypeError('x is not a function')
  }
  const world: FilterOptions = {
    mode: 'apply',
    settings: [],
    policies: [{ file: 'p.yaml', bytes: Buffer.from(policyFor(app)) }],
    openTagSource: async () => ({ ...someTags(), listTags }),
  }
  await expect(filter(Buffer.from(pod('v1.0.0')), world)).rejects.toThrow(TypeError)
})

describe('many resources take time by their number, not its square', () => {
  const many = <T>(make: (index: number) => T) =>
    Array.from({ length: 10_000 }, (_, index) => make(index))
  const numbered = (index: number) => pod('v1.0.0').replace('name: p', `name: p${index}`)
  test.each<[string, () => string]>([
    ['a stream', () => many(numbered).join('---\n')],
    [
      'a List',
      () => `apiVersion: v1\nkind: List\nitems:\n${many(numbered).map(inItem).join('\n')}\n`,
    ],
    [
      'JSON on one line',
      () => JSON.stringify({ ...parse(head()), items: many(() => ({ ...parse(pod('v1.0.0')) })) }),
    ],
    [
      'a values file of markers',
      () =>
        many(index => `k${index}: ${app}:v1.0.0 # {"$imagepolicy": "flux-system:app"}\n`).join(''),
    ],
    [
      'anchors and aliases',
      () =>
        `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n${many(index => `  - image: &a${index} ${app}:v1.0.0\n  - image: *a${index}\n`).join('')}`,
    ],
  ])(
    '%s',
    async (_name, input) => {
      const { moved, errors } = await runOn(input())
      expect(errors).toEqual([])
      expect(moved.length).toBeGreaterThanOrEqual(10_000)
    },
    60_000,
  )
})

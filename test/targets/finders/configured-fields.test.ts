import { newDigest, oldDigest, policyFor, runOn, workload } from '../../fixtures/apply.ts'

const release = (values: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: h}
spec:
  values:
${values.replace(/^(?=.)/gm, '    ')}`

const fields = (...list: (string | { path: string; part?: string })[]) => ({
  targets: {
    values: false,
    fields: list.map(one => ({
      kind: 'HelmRelease',
      policy: 'flux-system:app',
      ...(typeof one === 'string' ? { path: one } : one),
    })),
  },
})

test('image, repository, tag and digest of a HelmRelease', async () => {
  const values = (repository: string, image: string, tag: string, digest: string) =>
    release(
      `image: ${image}\nparts:\n  repository: ${repository}\n  tag: ${tag} # of the chart\n  digest: ${digest}\n`,
    )
  const config = fields(
    'spec.values.image',
    { path: 'spec.values.parts.repository', part: 'name' },
    { path: 'spec.values.parts.tag', part: 'tag' },
    { path: 'spec.values.parts.digest', part: 'digest' },
  )
  const { text } = await runOn(values('""', 'ghcr.io/acme/app:v1.0.0', 'v1.0.0', oldDigest), {
    config,
  })
  expect(text).toBe(values('"ghcr.io/acme/app"', 'ghcr.io/acme/app:v1.1.0', 'v1.1.0', newDigest))
})

test.each([
  ['spec.values.apps[*].image', ['a', 'b']],
  ['spec.values.apps[1].image', ['b']],
  ['spec.values.apps[name=a].image', ['a']],
  ['spec.values.by.*.image', []],
  ['spec.values.by[*].image', ['x']],
  ['spec.values["odd.key/x"]', ['odd']],
])('%s leads to %j', async (path, names) => {
  const image = 'ghcr.io/acme/app:v1.0.0'
  const input = release(
    `apps:\n- {name: a, image: "${image}"}\n- {name: b, image: "${image}"}\nby:\n  x: {image: "${image}"}\nodd.key/x: ${image}\n`,
  )
  const { moved, warnings } = await runOn(input, { config: fields(path) })
  expect(moved).toHaveLength(names.length)
  expect(warnings).toEqual(
    names.length > 0
      ? []
      : [
          'ApplyImagePolicies config (functionConfig) spec.targets.fields[0].path: leads to no field of any HelmRelease of the input',
        ],
  )
})

test('an empty field is set, a placeholder is left alone with a warning', async () => {
  const config = fields('spec.values.empty', 'spec.values.none', 'spec.values.template', {
    path: 'spec.values.tag',
    part: 'tag',
  })
  const { text, warnings } = await runOn(
    release('empty: ""\nnone: ~\ntemplate: "{{ .x }}"\ntag: ${TAG}\n'),
    { config },
  )
  expect(text).toBe(
    release(
      'empty: "ghcr.io/acme/app:v1.1.0"\nnone: ghcr.io/acme/app:v1.1.0\ntemplate: "{{ .x }}"\ntag: ${TAG}\n',
    ),
  )
  expect(warnings).toEqual([
    'HelmRelease h spec.values.template: is left alone: "{{ .x }}" is not an image',
    'HelmRelease h spec.values.tag: is left alone: "${TAG}" is not a tag',
  ])
})

test('a tag of its own is quoted where YAML could read it otherwise', async () => {
  const config = {
    targets: {
      fields: [
        { kind: 'HelmRelease', path: 'spec.values.tag', part: 'tag', policy: 'flux-system:app' },
      ],
    },
  }
  const policies = policyFor('ghcr.io/acme/builds', { policy: 'numerical: {order: asc}' })
  expect((await runOn(release('tag: 7\n'), { config, policies })).text).toBe(release('tag: "42"\n'))
})

test('a locked release is left alone', async () => {
  const input = release('image: ghcr.io/acme/app:v1.0.0\n').replace(
    '{name: h}',
    '{name: h, annotations: {fluxcd.io/locked: "true"}}',
  )
  const { text, warnings, infos } = await runOn(input, { config: fields('spec.values.image') })
  expect(text).toBe(input)
  expect(warnings).toEqual([])
  expect(infos).toContain(
    'HelmRelease h spec.values.image: is left alone: the annotation `fluxcd.io/locked` is "true"; the policy chooses "ghcr.io/acme/app:v1.1.0"',
  )
})

test.each([
  [
    { kind: 'Secret', path: 'data.x', policy: 'flux-system:app' },
    'kind',
    'must not be Secret: its values are never edited',
  ],
  [{ kind: 'A', path: '..x', policy: 'flux-system:app' }, 'path', 'must be a path such as'],
  [
    { kind: 'A', path: 'x', policy: 'flux-system:ap' },
    'policy',
    'the closest one is "flux-system:app"',
  ],
  [
    { kind: 'HelmRelease', path: 'spec.values', policy: 'flux-system:app' },
    'path',
    'must lead to a scalar, but leads to a mapping',
  ],
])('%j is an error at its %s', async (field, key, problem) => {
  const { errors, exitCode } = await runOn(release('a: b\n'), {
    config: { targets: { fields: [field] } },
  })
  expect(errors[0]).toContain(`spec.targets.fields[0].${key}: `)
  expect(errors[0]).toContain(problem)
  expect(exitCode).toBe(1)
})

test('a group other than the one that is asked for is another kind', async () => {
  const field = {
    kind: 'HelmRelease',
    group: 'helm.example.com',
    path: 'spec.values.image',
    policy: 'flux-system:app',
  }
  const input = release('image: ghcr.io/acme/app:v1.0.0\n')
  const config = { targets: { values: false, fields: [field] } }
  expect((await runOn(input, { config })).text).toBe(input)
})

describe('selectors', () => {
  const named = (name: string, metadata = '') =>
    release('tag: v1.0.0\n').replace('{name: h}', `{name: ${name}${metadata}}`)
  const two = `${named('web', ', namespace: shop, labels: {app: web}')}---\n${named('api')}`
  const entry = (rest: object) => ({
    kind: 'HelmRelease',
    path: 'spec.values.tag',
    part: 'tag',
    policy: 'flux-system:app',
    ...rest,
  })
  const run = (input: string, ...list: object[]) =>
    runOn(input, {
      policies: `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/other/app', { name: 'other' })}`,
      config: { targets: { fields: list } },
    })
  const movedIn = ({ results }: Awaited<ReturnType<typeof run>>) =>
    results.flatMap(({ resourceRef, field }) =>
      field?.proposedValue === undefined ? [] : `${resourceRef?.name} ${field.proposedValue}`,
    )

  test.each([
    [{ name: 'web' }, ['web v1.1.0']],
    [{ name: 'api' }, ['api v1.1.0']],
    [{ namespace: 'shop' }, ['web v1.1.0']],
    [{ namespace: 'default' }, ['api v1.1.0']],
    [{ labels: { app: 'web' } }, ['web v1.1.0']],
    [{ name: 'web', namespace: 'shop', labels: {} }, ['web v1.1.0']],
    [{}, ['web v1.1.0', 'api v1.1.0']],
  ])('%j', async (selector, moved) => {
    const outcome = await run(two, entry(selector))
    expect(movedIn(outcome)).toEqual(moved)
    expect(outcome.errors).toEqual([])
  })

  test.each([
    { name: 'we' },
    { name: 'web', namespace: 'default' },
    { labels: { app: 'api' } },
    { labels: { app: 'web', tier: 'a' } },
  ])('%j matches nothing, with a warning', async selector => {
    const outcome = await run(two, entry(selector))
    expect(movedIn(outcome)).toEqual([])
    expect(outcome.warnings).toContain(
      'ApplyImagePolicies config (functionConfig) spec.targets.fields[0]: matches no HelmRelease of the input: none has its name, namespace and labels',
    )
  })

  test('names before a host renamed the object count too', async () => {
    const input = named(
      'prod-web',
      ', namespace: prod, annotations: {internal.config.kubernetes.io/previousNames: web, internal.config.kubernetes.io/previousNamespaces: shop}',
    )
    const selector = { name: 'web', namespace: 'shop' }
    expect(movedIn(await run(input, entry(selector)))).toEqual(['prod-web v1.1.0'])
  })

  test('each of two releases has an entry of its own', async () => {
    const entries = [entry({ name: 'web' }), entry({ name: 'api', policy: 'flux-system:other' })]
    expect(movedIn(await run(two, ...entries))).toEqual(['web v1.1.0', 'api v1.5.0'])
  })

  test('two entries for one scalar are an error that names both, once', async () => {
    const entries = [entry({}), entry({ path: 'spec["values"].tag', policy: 'flux-system:other' })]
    const { errors, exitCode } = await run(two, ...entries)
    expect(errors[0]).toBe(
      'HelmRelease shop/web spec.values.tag: must belong to one entry of `targets.fields`, but spec.targets.fields[0] and spec.targets.fields[1] lead to it: tell them apart by `name`, `namespace` or `labels`',
    )
    expect(errors).toHaveLength(2) // and the summary
    expect(exitCode).toBe(1)
  })
})

describe('a field of another repository than the policy', () => {
  test.each([
    ['image', 'ghcr.io/other/app:v1.0.0'],
    ['name', 'ghcr.io/other/app'],
  ])('is left alone with a warning: %s', async (part, text) => {
    const input = release(`image: ${text}\n`)
    const config = fields({ path: 'spec.values.image', part })
    const run = await runOn(input, { config })
    expect(run.text).toBe(input)
    expect(run.warnings).toEqual([
      `HelmRelease h spec.values.image: is left alone: "${text}" is of another repository than flux-system/app, which chooses for "ghcr.io/acme/app"`,
    ])
    const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/other/app', { name: 'other' })}`
    const targets = { ...config.targets, values: true }
    expect((await runOn(input, { config: { targets }, policies })).text).toBe(input)
  })
})

describe('an entry without a policy', () => {
  const byRepository = (path: string, rest = {}) => ({
    targets: { values: false, fields: [{ kind: 'HelmRelease', path, ...rest }] },
  })
  const input = release(
    'web: {image: "ghcr.io/acme/app:v1.0.0"}\nproxy: {image: "docker.io/nginx:1.0.0"}\nother: {image: quay.io/a/b}\nsplit: {image: {repository: ghcr.io/acme/app}}\n',
  )

  test('finds it by the repository of the image, like a container', async () => {
    const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('nginx', { name: 'nginx' })}`
    const run = await runOn(input, { policies, config: byRepository('spec.values[*].image') })
    expect({ errors: run.errors, warnings: run.warnings }).toEqual({ errors: [], warnings: [] })
    expect(run.moved).toEqual([
      'spec.values.web.image ghcr.io/acme/app:v1.1.0',
      'spec.values.proxy.image docker.io/nginx:1.1.0',
    ])
  })

  test('fails if several policies have the repository, unless an annotation names one', async () => {
    const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/app', { name: 'b' })}`
    const config = byRepository('spec.values.web.image')
    const { errors } = await runOn(input, { policies, config })
    expect(errors[0]).toContain('spec.values.web.image: must be governed by one policy; there are')
    const bound = input.replace(
      '{name: h}',
      '{name: h, annotations: {fluxcd.io/policy.h: "flux-system:b"}}',
    )
    expect((await runOn(bound, { policies, config })).moved).toEqual([
      'spec.values.web.image ghcr.io/acme/app:v1.1.0',
    ])
  })

  test('must be of a whole image', async () => {
    const { errors } = await runOn(input, {
      config: byRepository('spec.values.tag', { part: 'tag' }),
    })
    expect(errors[0]).toBe(
      'ApplyImagePolicies config (functionConfig) spec.targets.fields[0].policy: must be set for a tag: only an image tells its repository',
    )
  })
})

test('the image of a container that an entry names needs no other reason for its policy', async () => {
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/app', { name: 'old', policy: 'semver: {range: "<1.1"}' })}`
  const path = 'spec.template.spec.containers[0].image'
  const field = { kind: 'Deployment', path, policy: 'flux-system:old' }
  const { moved, errors } = await runOn(
    workload('containers:\n- name: web\n  image: ghcr.io/acme/app:v0.9.0\n'),
    { policies, config: { targets: { fields: [field] } } },
  )
  expect(errors).toEqual([])
  expect(moved).toEqual([`${path} ghcr.io/acme/app:v1.0.0`])
})

import { newDigest, oldDigest, policyFor, runOn } from '../../fixtures/apply.ts'

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

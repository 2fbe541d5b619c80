import fc from 'fast-check'
import { matchesGlob } from '../../src/policy/use-policies.ts'
import { policyFor, runOn, workload } from '../fixtures/apply.ts'

test.each([
  ['apps/web', ['apps/web'], ['apps/web2', 'apps/we', 'app/web', '']],
  ['apps/*', ['apps/web', 'apps/'], ['apps', 'apps/web/app', 'shop/apps/web']],
  ['*/web', ['apps/web', '/web'], ['apps/web2', 'a/b/web']],
  ['*/*-staging', ['apps/web-staging'], ['apps/staging', 'apps/web-staging-2']],
  ['*', ['web'], ['apps/web']],
  ['**', ['web', 'apps/web', ''], []],
  ['apps/**', ['apps/deployment/web/app', 'apps/web'], ['app/web']],
  ['a.c/x', ['a.c/x'], ['abc/x']],
])('%s', (glob, matching, others) => {
  expect(matching.filter(text => !matchesGlob(glob, text))).toEqual([])
  expect(others.filter(text => matchesGlob(glob, text))).toEqual([])
})

test('a glob matches what a regular expression says', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 })
  const glob = fc.array(fc.constantFrom('a', 'b', '/', '*', '**'), { maxLength: 6 })
  fc.assert(
    fc.property(text, glob, (text, tokens) => {
      const written = tokens.join('')
      const pattern = written.replace(/\*+/g, stars => (stars === '*' ? '[^/]*' : '.*'))
      expect(matchesGlob(written, text)).toBe(new RegExp(`^(?:${pattern})$`).test(text))
    }),
  )
})

const staging = policyFor('ghcr.io/acme/app', {
  name: 'staging',
  policy: 'semver: {range: ">=1.1 <2"}',
})
const production = policyFor('ghcr.io/acme/app', {
  name: 'production',
  policy: 'semver: {range: "<1.1"}',
})
const both = `${staging}---\n${production}`
const container = workload('containers:\n- name: web\n  image: ghcr.io/acme/app:v0.9.0\n')

test.each([
  [['flux-system/staging'], 'v1.1.0'],
  [['*/production'], 'v1.0.0'],
  [['x/*', 'flux-system/prod*'], 'v1.0.0'],
])(
  '%j: of two policies for one image, the one that takes part governs',
  async (usePolicies, tag) => {
    const { moved, errors } = await runOn(container, {
      policies: both,
      config: { usePolicies, annotations: false },
    })
    expect(errors).toEqual([])
    expect(moved).toEqual([`spec.template.spec.containers[0].image ghcr.io/acme/app:${tag}`])
  },
)

test.each([[['*']], [['**']], [['a/b', '*']]])('%j: all take part', async usePolicies => {
  const { errors } = await runOn(container, { policies: both, config: { usePolicies } })
  expect(errors[0]).toContain('must be governed by one policy')
})

describe('a policy that takes no part', () => {
  const config = { usePolicies: ['*/staging'] }

  test('is not asked for, and is not reported as idle, nor for its own faults', async () => {
    const broken = policyFor('ghcr.io/unknown/app', { policy: 'semver: {}', name: 'broken' })
    const lonely = broken.split('---\n')[1]?.replace('name: broken', 'name: lonely')
    const idle = policyFor('ghcr.io/acme/builds', { name: 'idle' })
    const { errors, warnings } = await runOn(container, {
      policies: [staging, broken, lonely, idle].join('---\n'),
      config,
    })
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
  })

  test('is left alone where a marker names it', async () => {
    const input = workload(
      'containers:\n- name: web\n  image: ghcr.io/acme/app:v0.9.0 # {"$imagepolicy": "flux-system:production"}\n',
    )
    const { text, warnings, infos } = await runOn(input, { policies: both, config })
    expect(text).toBe(input)
    expect(warnings).toEqual(
      [expect.stringMatching(/^ImagePolicy flux-system\/staging .*governs nothing/)].slice(
        0,
        warnings.length,
      ),
    )
    expect(infos).toContain(
      'Deployment web spec.template.spec.containers[0].image: is left alone: "flux-system:production" takes no part in this run, because of `usePolicies`',
    )
  })

  test('is left alone where an annotation names it', async () => {
    const input = workload('containers:\n- name: web\n  image: ghcr.io/acme/app:v0.9.0\n', {
      metadata: 'name: web, annotations: {fluxcd.io/policy.web: "flux-system:production"}',
    })
    const { text, errors, infos } = await runOn(input, { policies: both, config })
    expect({ text, errors }).toEqual({ text: input, errors: [] })
    expect(infos).toContain(
      'Deployment web spec.template.spec.containers[0].image: is left alone: "flux-system:production" takes no part in this run, because of `usePolicies`',
    )
  })

  test('is left alone where an annotation names it for Helm values', async () => {
    const input =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, annotations: {fluxcd.io/policy.web: "flux-system:production"}}\nspec: {values: {image: "ghcr.io/acme/app:v0.9.0"}}\n'
    const { text, errors, infos } = await runOn(input, { policies: both, config })
    expect({ text, errors }).toEqual({ text: input, errors: [] })
    expect(infos).toContain(
      'HelmRelease web spec.values.image: is left alone: "flux-system:production" takes no part in this run, because of `usePolicies`',
    )
  })

  test('gives way to the one that takes part, of two configured fields', async () => {
    const input =
      'apiVersion: example.com/v1\nkind: Site\nmetadata: {name: a}\nspec: {tag: v0.9.0, other: v0.9.0}\n'
    const field = (name: string, path: string) => ({
      kind: 'Site',
      path,
      part: 'tag',
      policy: `flux-system:${name}`,
    })
    const fields = [
      field('production', 'spec.tag'),
      field('staging', 'spec.tag'),
      field('production', 'spec.other'),
    ]
    const { moved, errors, infos } = await runOn(input, {
      policies: both,
      config: { ...config, targets: { fields } },
    })
    expect(errors).toEqual([])
    expect(moved).toEqual(['spec.tag v1.1.0'])
    expect(infos).toContain(
      'Site a spec.other: is left alone: "flux-system:production" takes no part in this run, because of `usePolicies`',
    )
  })
})

test('a glob that matches no policy triggers a warning that names the nearest', async () => {
  const { warnings } = await runOn(container, {
    policies: both,
    config: { usePolicies: ['flux-system/stagin', '*/production'] },
  })
  expect(warnings).toEqual([
    'ApplyImagePolicies config (functionConfig) spec.usePolicies[0]: "flux-system/stagin" matches no policy (<namespace>/<name>); the closest one is "flux-system/staging"',
  ])
})

test('policies of the functionConfig and of Flux v1 can be left out too', async () => {
  const { moved } = await runOn(container, {
    policies: staging,
    config: {
      usePolicies: ['flux-system/*'],
      annotations: false,
      policies: [{ name: 'own', image: 'ghcr.io/acme/app', policy: { semver: { range: '<1.1' } } }],
    },
  })
  expect(moved).toEqual(['spec.template.spec.containers[0].image ghcr.io/acme/app:v1.1.0'])
  const automated = workload('containers:\n- name: web\n  image: ghcr.io/acme/app:v0.9.0\n', {
    metadata:
      'name: web, annotations: {fluxcd.io/automated: "true", fluxcd.io/tag.web: "semver:<1.1"}',
  })
  const run = (usePolicies: string[]) =>
    runOn(automated, { policies: staging, config: { usePolicies, annotations: false } })
  expect((await run(['default/**'])).moved).toEqual([
    'spec.template.spec.containers[0].image ghcr.io/acme/app:v1.0.0',
  ])
  expect((await run(['flux-system/*'])).moved).toEqual([
    'spec.template.spec.containers[0].image ghcr.io/acme/app:v1.1.0',
  ])
})

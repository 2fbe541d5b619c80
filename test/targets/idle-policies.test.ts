import { policyFor, runOn, workload } from '../fixtures/apply.ts'

const image = (repository: string) =>
  workload(`containers:\n- name: web\n  image: ${repository}:v1.0.0\n`)
const named = (...names: string[]) =>
  names.map(name => policyFor(`ghcr.io/acme/${name}`, { name })).join('---\n')
const idle = ({ results }: Awaited<ReturnType<typeof runOn>>) =>
  results
    .filter(({ message }) => message.includes('govern'))
    .map(({ message, severity }) => `${severity}: ${message}`)

describe('shared policies', () => {
  test('are counted in one line, and listed', async () => {
    const run = await runOn(image('ghcr.io/acme/app'), {
      policies: named('app', 'billing', 'search'),
    })
    expect(idle(run)).toEqual([
      'info: 2 policies govern nothing in this input; `--verbose` lists them',
      'info: ImagePolicy flux-system/billing (policies[0]) spec: governs nothing: no image of "ghcr.io/acme/billing" was found',
      'info: ImagePolicy flux-system/search (policies[0]) spec: governs nothing: no image of "ghcr.io/acme/search" was found',
    ])
  })

  test('one has a line of its own, without a hint that is noise, and `strict` accepts it', async () => {
    const run = await runOn(image('ghcr.io/acme/app'), {
      policies: named('app', 'billing'),
      config: { strict: true },
    })
    expect(run.errors).toEqual([])
    expect(idle(run)).toEqual([
      'info: ImagePolicy flux-system/billing (policies[0]) spec: governs nothing: no image of "ghcr.io/acme/billing" was found',
    ])
  })

  test.each([
    ['ghcr.io/acme/biling', true],
    ['ghcr.io/acmee/billing', true],
    ['ghcr.io/acme/building', true],
    ['ghcr.io/acme/sailing', false],
    ['quay.io/acme/billing', false],
  ])('a likely typo has a warning: %s %s', async (seen, isTypo) => {
    const run = await runOn(image(seen), { policies: named('billing', 'app') })
    const warning = `ImagePolicy flux-system/billing (policies[0]) spec: governs nothing: no image of "ghcr.io/acme/billing" was found; the closest one seen is "${seen}"`
    expect(run.warnings).toEqual(isTypo ? [warning] : [])
  })

  test('the repository of another policy is not a typo of one', async () => {
    const run = await runOn(image('ghcr.io/acme/app'), { policies: named('app', 'apps') })
    expect(run.warnings).toEqual([])
  })
})

describe('policies among the items', () => {
  test('one that matches nothing triggers a warning with the closest repository', async () => {
    const run = await runOn(`${named('billing')}---\n${image('quay.io/acme/web')}`, {
      policies: '',
    })
    expect(run.warnings).toEqual([
      'ImagePolicy flux-system/billing spec: governs nothing: no image of "ghcr.io/acme/billing" was found; the closest one seen is "quay.io/acme/web"',
    ])
  })

  test('several trigger one warning', async () => {
    const run = await runOn(`${named('billing', 'search')}---\n${image('quay.io/acme/web')}`, {
      policies: '',
    })
    expect(run.warnings).toEqual([
      '2 policies govern nothing in this input; `--verbose` lists them',
    ])
  })
})

test('an image where no finder looks has a warning, whatever the policy is from', async () => {
  const site =
    'apiVersion: example.com/v1\nkind: Site\nmetadata: {name: a}\nspec: {app: "ghcr.io/acme/app:v1.0.0"}\n'
  const run = await runOn(site, { policies: named('app', 'billing') })
  expect(run.warnings).toEqual([
    'ImagePolicy flux-system/app (policies[0]) spec: governs nothing: no image of "ghcr.io/acme/app" was found; the repository is in Site a spec.app: name that field in `targets.fields`',
  ])
})

test.each([
  [
    'Helm values',
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec: {values: {image: {registry: ghcr.io/acme, repository: app, tag: v1.0.0}}}\n',
  ],
  [
    'a known field',
    'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: a}\nspec: {image: "ghcr.io/acme/app:v1.0.0"}\n',
  ],
  [
    'a configured field',
    'apiVersion: example.com/v1\nkind: Site\nmetadata: {name: a}\nspec: {image: "ghcr.io/acme/app:v1.0.0"}\n',
  ],
])('images in %s count as seen', async (_name, input) => {
  const fields = [{ kind: 'Site', path: 'spec.image' }]
  const inProduction = policyFor('ghcr.io/acme/app', { name: 'production' })
  const automation = (path: string, name: string) =>
    `apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {update: {path: ${path}}}\n`
  const placed = input.replace(
    '{name: a}',
    '{name: a, annotations: {config.kubernetes.io/path: staging/a.yaml}}',
  )
  const other =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, annotations: {config.kubernetes.io/path: production/b.yaml}}\n'
  const run = await runOn(`${placed}---\n${other}`, {
    policies: `${inProduction}---\n${automation('production', 'production')}`,
    config: { targets: { fields } },
  })
  expect(run.moved).toEqual([])
  expect(idle(run)).toEqual([
    'info: ImagePolicy flux-system/production (policies[0]) spec: governs nothing: each image of "ghcr.io/acme/app" is outside its scope, or has another policy',
  ])
})

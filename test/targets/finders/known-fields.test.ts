import { readFileSync } from 'node:fs'
import { oldDigest, policyFor, runOn } from '../../fixtures/apply.ts'

const source = readFileSync(
  new URL('../../../src/targets/finders/known-fields.ts', import.meta.url),
  'utf8',
)
const rows = [...source.matchAll(/^ {2}\['(\S+)', '([\w ]+)', '(spec\.\S+)'\],$/gm)].flatMap(
  ([, group = '', kinds = '', path = '']) => kinds.split(' ').map(kind => ({ group, kind, path })),
)

/** `spec.images[*].image` as an object whose leaf is the text: `{spec: {images: [{image: …}]}}`. */
function objectAt(path: string, leaf: string): unknown {
  const steps = path
    .replaceAll('override[*]', 'override.activator')
    .replaceAll('[*]', '.0')
    .split('.')
  return steps.reduceRight<unknown>(
    (value, step) => (step === '0' ? [value] : { [step]: value }),
    leaf,
  )
}

const resource = (group: string, kind: string, path: string, image: string) =>
  JSON.stringify({
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name: 'a' },
    ...(objectAt(path, image) as object),
  })

test('the table has rows, each once', () => {
  expect(rows.length).toBeGreaterThan(50)
  const texts = rows.map(({ group, kind, path }) => `${group}/${kind} ${path}`)
  expect(texts).toEqual([...new Set(texts)])
  expect(rows).toContainEqual({
    group: 'monitoring.coreos.com',
    kind: 'Prometheus',
    path: 'spec.image',
  })
})

test.each(rows)(
  '$group/$kind $path moves once, by its repository',
  async ({ group, kind, path }) => {
    const input = (image: string) => resource(group, kind, path, image)
    const { text, errors, warnings, moved } = await runOn(input('ghcr.io/acme/app:v1.0.0'))
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
    expect(text).toBe(input('ghcr.io/acme/app:v1.1.0'))
    expect(moved).toHaveLength(1)
    expect((await runOn(input('quay.io/acme/app:v1.0.0'))).moved).toEqual([])
  },
)

test.each([
  ['switched off', 'monitoring.coreos.com', 'Prometheus', { targets: { knownFields: false } }],
  ['the same kind of another group', 'example.com', 'Prometheus', {}],
  ['another kind of the group', 'monitoring.coreos.com', 'PrometheusRule', {}],
])('%s: it stays', async (_name, group, kind, config) => {
  const input = resource(group, kind, 'spec.image', 'ghcr.io/acme/app:v1.0.0')
  expect((await runOn(input, { config })).text).toBe(input)
})

const prometheus = (image: string, metadata = 'name: k8s') =>
  `apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {${metadata}}\nspec:\n  image: ${image}\n  version: v2.0.0\n`

test.each([
  ['no tag', 'ghcr.io/acme/app', 'ghcr.io/acme/app:v1.1.0'],
  [
    'a digest',
    `"ghcr.io/acme/app:v1.0.0@${oldDigest}"`,
    `"ghcr.io/acme/app:v1.1.0@sha256:${'2'.repeat(64)}"`,
  ],
])('%s', async (_name, before, after) => {
  expect((await runOn(prometheus(before))).text).toBe(prometheus(after))
})

test('a placeholder stays, with a warning, and so does a locked resource', async () => {
  const placeholder = await runOn(prometheus('${REGISTRY}/acme/app:v1.0.0'))
  expect(placeholder.text).toBe(prometheus('${REGISTRY}/acme/app:v1.0.0'))
  expect(placeholder.warnings).toEqual([
    'Prometheus k8s spec.image: is left alone: "${REGISTRY}/acme/app:v1.0.0" is not an image reference, though it names the repository of a policy',
  ])
  const locked = prometheus(
    'ghcr.io/acme/app:v1.0.0',
    'name: k8s, annotations: {fluxcd.io/locked: "true"}',
  )
  expect((await runOn(locked)).text).toBe(locked)
})

test('a marker or a configured field comes first', async () => {
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/app', { name: 'old', policy: 'semver: {range: "<1.1"}' })}`
  const marked = prometheus('ghcr.io/acme/app:v0 # {"$imagepolicy": "flux-system:old"}')
  expect((await runOn(marked, { policies })).moved).toEqual(['spec.image ghcr.io/acme/app:v1.0.0'])
  const fields = [{ kind: 'Prometheus', path: 'spec.image', policy: 'flux-system:old' }]
  const configured = await runOn(prometheus('ghcr.io/acme/app:v0'), {
    policies,
    config: { targets: { fields } },
  })
  expect(configured.moved).toEqual(['spec.image ghcr.io/acme/app:v1.0.0'])
})

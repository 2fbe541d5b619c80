import { policyFor, workload } from '../fixtures/apply.ts'
import { evaluateAll } from '../fixtures/evaluated.ts'

const old = 'ghcr.io/acme/app:v1.0.0'

describe('a scalar that several finders see belongs to the first', () => {
  const policies = [
    policyFor('ghcr.io/acme/app', { name: 'marked', policy: 'semver: {range: "1.0.x"}' }),
    policyFor('ghcr.io/acme/app', { name: 'named', policy: 'alphabetical: {}' }),
    policyFor('ghcr.io/acme/app'),
  ].join('---\n')
  const field = {
    kind: 'Deployment',
    path: 'spec.template.spec.containers[0].image',
    policy: 'flux-system:named',
  }
  const withMarker = (image: string) =>
    workload(`containers:\n- image: ${image} # {"$imagepolicy": "flux-system:marked"}\n`)
  const plain = (image: string) => workload(`containers:\n- image: ${image}\n`)

  test.each([
    [
      'a marker before a configured field',
      withMarker('x'),
      [field],
      withMarker('ghcr.io/acme/app:v1.0.0'),
    ],
    [
      'a configured field before a container',
      plain(old),
      [field],
      plain('ghcr.io/acme/app:v1.1.0'),
    ],
  ])('%s', async (_what, input, fields, expected) => {
    const { texts } = await evaluateAll([input], {
      policies,
      config: { annotations: false, targets: { fields } },
    })
    expect(texts).toEqual([expected])
  })
})

test('targets are in the order of the documents, and of their offsets there', async () => {
  const mixed = `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - image: ${old}
  x: ${old} # {"$imagepolicy": "flux-system:marked"}
  initContainers:
  - image: ${old}
`
  const policies = `${policyFor('ghcr.io/acme/app', { name: 'marked' })}---\n${policyFor('ghcr.io/acme/app')}`
  const { evaluation } = await evaluateAll(
    [
      { text: mixed, file: 'b.yaml' },
      { text: mixed, file: 'a.yaml' },
    ],
    { policies, config: { annotations: false } },
  )
  const paths = ['containers', 'x', 'initContainers']
  expect(evaluation.changes.map(({ resource, path }) => `${resource.id.file} ${path[1]}`)).toEqual(
    ['b.yaml', 'a.yaml'].flatMap(file => paths.map(path => `${file} ${path}`)),
  )
})

test('items that mention no policy are not read', async () => {
  const broken = 'kind: [\n'
  const { errors, texts } = await evaluateAll(
    [`${workload(`containers:\n- image: ${old}\n`)}---\n${broken}`],
    {
      config: { annotations: false },
    },
  )
  expect(errors).toEqual([])
  expect(texts[0]).toContain(broken)
})

import { policyFor, workload } from '../fixtures/apply.ts'
import { type EvaluateOptions, evaluateAll, type Given } from '../fixtures/evaluated.ts'

const image = 'ghcr.io/acme/app:v1.0.0'
const found = 'governs nothing: no image of "ghcr.io/acme/app" was found'
const named = (field: string) =>
  `${found}; the repository is in ${field}: name that field in \`targets.fields\``
/** Of a document that is not a Kubernetes object. */
const inValues = (field: string) =>
  `${found}; the repository is in ${field}: set \`targets.valuesFiles: true\` if it is a file of Helm values`
const warningsOf = async (given: readonly Given[], options?: EvaluateOptions) => {
  const { warnings, notes } = await evaluateAll(given, options)
  return [...warnings, ...notes]
}

describe('a policy without image names', () => {
  test.each<readonly [string, Given, string]>([
    [
      'the field that has its image',
      `apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {x: ["${image}"]}\n`,
      named('A a spec.x[0]'),
    ],
    [
      'the field that has its repository',
      `apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {repository: ghcr.io/acme/app, tag: v1}\n`,
      named('A a spec.repository'),
    ],
    [
      'the field of a file',
      { text: `image: "${image}"\n`, file: 'values.yaml' },
      inValues('image values.yaml'),
    ],
    ['the first field', `a: ghcr.io/acme/app\nb: ghcr.io/acme/app\n`, inValues('a stdin')],
    [
      'the closest repository',
      workload('containers:\n- image: ghcr.io/acme/ap:v1\n'),
      `${found}; the closest one seen is "ghcr.io/acme/ap"`,
    ],
    ['no other field with a longer name', 'a: ghcr.io/acme/app-two:v1\n', found],
    ['nothing else if there is no image', 'a: b\n', found],
    [
      'no field of a Secret',
      `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {x: "${image}"}\n`,
      found,
    ],
    [
      'a field without marker before one with another marker',
      `a: ${image} # {"$imagepolicy": "x:y"}\nb: ${image}\n`,
      inValues('b stdin'),
    ],
  ])('%s', async (_what, given, expected) => {
    expect(await warningsOf([given])).toContain(expected)
  })

  test('a field whose marker names another policy', async () => {
    const [, warning] = await warningsOf([`a: ${image} # {"$imagepolicy": "x:y"}\n`])
    expect(warning).toBe(
      `${found}; the repository is in a stdin, whose marker names another policy`,
    )
  })

  test('no field of what holds policies', async () => {
    const policies = policyFor('ghcr.io/acme/app')
    expect(await warningsOf([`${policies}---\na: b\n`], { policies: 'a: b\n' })).toEqual([
      `${found}; no image was seen`,
    ])
  })
})

test('an image that another policy governs is reported as such', async () => {
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/app', { name: 'b' })}`
  const input = workload(`containers:\n- name: a\n  image: ${image}\n`, {
    metadata: 'name: web, annotations: {fluxcd.io/policy.a: "flux-system:b"}',
  })
  expect(await warningsOf([input], { policies })).toEqual([
    'governs nothing: each image of "ghcr.io/acme/app" is outside its scope, or has another policy',
  ])
})

describe('nothing is reported', () => {
  test.each([
    ['if the policy governs an image', workload(`containers:\n- image: ${image}\n`)],
    ['if its marker is there', `a: v1 # {"$imagepolicy": "flux-system:app:tag"}\n`],
    [
      'if an entry of a kustomization sets the tag',
      `images:\n- {name: ghcr.io/acme/app, newTag: v1.1.0}\n---\n${workload(`containers:\n- image: ${image}\n`)}`,
    ],
    ['after an error', workload(`containers:\n- image: &i ghcr.io/acme/app:v1\n- x: *i\n`)],
  ])('%s', async (_what, text) => {
    expect(await warningsOf([text])).toEqual([])
  })

  test('if the policy is named by targets.fields', async () => {
    const fields = [{ kind: 'A', path: 'x', policy: 'flux-system:app' }]
    expect(
      await warningsOf([`apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: "{{ .x }}"\n`], {
        config: { targets: { fields } },
      }),
    ).toEqual(['is left alone: "{{ .x }}" is not an image'])
  })
})

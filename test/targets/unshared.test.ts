import { runOn } from '../fixtures/apply.ts'

const pod = (rest: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {fluxcd.io/tag.app: v1.1.0}}\n${rest}`
const old = 'ghcr.io/acme/app:v1.0.0'

test.each([
  [
    'an image that other containers use',
    `spec:\n  containers:\n  - image: &i ${old}\n  - image: *i\n  initContainers:\n  - image: *i\n`,
  ],
  ['a container', `spec:\n  containers:\n  - &c\n    image: ${old}\n  initContainers:\n  - *c\n`],
  ['a list of containers', `spec:\n  containers: &c\n  - image: ${old}\n  initContainers: *c\n`],
  ['a pod spec', `spec: &s\n  containers:\n  - image: ${old}\nmore:\n  template: *s\n`],
  [
    'a container that others merge',
    `spec:\n  containers:\n  - &c\n    name: a\n    image: ${old}\n  - <<: *c\n    name: b\n`,
  ],
  ['a cycle', `spec: &s\n  containers:\n  - image: ${old}\n  again: *s\n`],
  [
    'an anchor that nobody uses',
    `spec:\n  containers:\n  - image: &i ${old}\n  x: &y 1\n  z: *y\n`,
  ],
])('%s: the anchor is edited, once', async (_name, rest) => {
  const { text, errors } = await runOn(pod(rest))
  expect(errors).toEqual([])
  expect(text).toBe(pod(rest.replace('v1.0.0', 'v1.1.0')))
})

test.each([
  ['a field that no policy governs', `spec:\n  containers:\n  - image: &i ${old}\n  other: *i\n`],
  ['an anchor that no policy governs', `x: &i ${old}\nspec:\n  containers:\n  - image: *i\n`],
  ['a mapping merged from elsewhere', `x: &b\n  image: ${old}\nspec:\n  containers:\n  - <<: *b\n`],
  [
    'a copy of the containers somewhere else',
    `spec:\n  containers:\n  - &c {image: "${old}"}\n  list: [*c]\n`,
  ],
])(
  '%s shares the text: an error that names the image, and nothing changes',
  async (_name, rest) => {
    const { text, errors, exitCode } = await runOn(pod(rest))
    expect({ text, exitCode }).toEqual({ text: '', exitCode: 1 })
    expect(errors[0]).toContain(
      'Pod p spec.containers[0].image: must not share its text by an anchor',
    )
  },
)

test('a marker edits its anchor, whoever uses it', async () => {
  const input = pod(
    `spec:\n  containers:\n  - image: &i ${old} # {"$imagepolicy": "flux-system:app"}\n  other: *i\n`,
  )
  expect((await runOn(input)).text).toBe(input.replace('v1.0.0', 'v1.1.0'))
})

test('an anchor of a tag in images of a kustomization', async () => {
  const shared = `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n- {name: ghcr.io/acme/app, newTag: &t v1.0.0}\n`
  const governed = `${shared}- {name: other, newName: ghcr.io/acme/app, newTag: *t}\n`
  expect((await runOn(governed)).text).toBe(governed.replace('v1.0.0', 'v1.1.0'))
  expect((await runOn(`${shared}- {name: other, newTag: *t}\n`)).errors[0]).toContain(
    'must not share its text by an anchor',
  )
})

test('an alias bomb is an error, soon', async () => {
  const bombs = Array.from(
    { length: 30 },
    (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}, *a${level}]\n`,
  ).join('')
  const { errors, exitCode } = await runOn(
    pod(`a0: &a0\n- containers:\n  - image: ${old}\n${bombs}`),
  )
  expect(errors[0]).toBe('Pod p: aliases must not make it larger than 100,000 nodes; write it out')
  expect(exitCode).toBe(1)
})

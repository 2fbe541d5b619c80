import { newDigest, oldDigest, policyFor, workload } from '../fixtures/apply.ts'
import { evaluateAll } from '../fixtures/evaluated.ts'

const image = (tag: string) => `ghcr.io/acme/app:${tag}`
const containers = (...images: readonly string[]) =>
  workload(
    `containers:\n${images.map((one, index) => `- name: c${index}\n  image: ${one}\n`).join('')}`,
  )
const path = (index: number) => `spec.template.spec.containers[${index}].image`
const annotation = 'metadata.annotations[fluxcd.io/tag.app] v1.1.0'

test('changes are in the order of the input; the annotations of a workload follow its images', async () => {
  const one = containers(image('v1.0.0'), 'redis:7', image('v1.0.0'))
  const { moved } = await evaluateAll([`${one}---\n${containers(image('v1.0.0'))}`])
  expect(moved).toEqual([
    `${path(0)} ${image('v1.1.0')}`,
    `${path(2)} ${image('v1.1.0')}`,
    annotation,
    `${path(0)} ${image('v1.1.0')}`,
    annotation,
  ])
})

test('a field that is as it should be does not change, and its tag is still recorded', async () => {
  expect((await evaluateAll([containers(image('v1.1.0'))])).moved).toEqual([annotation])
})

test('a change has its values, its place in bytes, its policy and the reason', async () => {
  const text = containers(image('v1.0.0'))
  const { evaluation, documents } = await evaluateAll([text])
  const [change] = evaluation.changes
  expect(change).toMatchObject({
    kind: 'image',
    before: image('v1.0.0'),
    after: image('v1.1.0'),
    offset: text.indexOf('ghcr.io'),
    reason: 'the highest version in "1.x"',
    resource: { id: { kind: 'Deployment', name: 'web' } },
  })
  expect(change?.resource.document).toBe(documents[0])
  expect(change?.policy.id.original).toEqual({ namespace: 'flux-system', name: 'app' })
})

test('without an answer nothing changes, and other policies go on', async () => {
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/none', { name: 'none' })}`
  const { moved, warnings } = await evaluateAll(
    [containers('ghcr.io/acme/none:1', image('v1.0.0'))],
    { policies, config: { onError: 'keep-current' } },
  )
  expect(moved).toEqual([`${path(1)} ${image('v1.1.0')}`, annotation])
  expect(warnings).toHaveLength(1)
})

describe('a digest that is lost', () => {
  const policies = policyFor('ghcr.io/acme/app', {
    status: 'latestRef: {name: ghcr.io/acme/app, tag: v1.1.0}',
  })
  const pinned = containers(`${image('v1.0.0')}@${oldDigest}`)

  test('is a warning', async () => {
    const { warnings } = await evaluateAll([pinned], { policies, config: { source: 'status' } })
    expect(warnings).toEqual(['loses its digest: none is known for "v1.1.0"'])
  })

  test('is not kept if `digests: never` asks for that', async () => {
    const { warnings, moved } = await evaluateAll([pinned], { config: { digests: 'never' } })
    expect({ warnings, moved }).toEqual({
      warnings: [],
      moved: [`${path(0)} ${image('v1.1.0')}`, annotation],
    })
  })

  test('is not kept if there is a new one', async () => {
    const { warnings, moved } = await evaluateAll([pinned])
    expect(warnings).toEqual([])
    expect(moved[0]).toBe(`${path(0)} ${image('v1.1.0')}@${newDigest}`)
  })
})

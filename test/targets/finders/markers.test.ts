import { policyFor, runOn, workload } from '../../fixtures/apply.ts'

const old = 'ghcr.io/acme/app:v1.0.0'
const marker = (policy = 'flux-system:app') => `# {"$imagepolicy": "${policy}"}`

test('a policy that a marker names governs only its markers', async () => {
  const input = workload(`containers:\n- image: ${old} ${marker()}\n- image: ${old}\n`)
  expect((await runOn(input)).text).toBe(input.replace('v1.0.0', 'v1.1.0'))
})

test('in a ResourceList, in a List and in a values file', async () => {
  const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n  spec:\n    containers:\n    - image: ${old} ${marker()}\n`
  expect((await runOn(list)).text.startsWith(list.replace('v1.0.0', 'v1.1.0'))).toBe(true)
  const nested = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n  metadata: {name: a}\n  image: ${old} ${marker()}\n`
  expect((await runOn(nested)).text).toBe(nested.replace('v1.0.0', 'v1.1.0'))
  const values = `image:\n  tag: v1.0.0 ${marker('flux-system:app:tag')}\n`
  expect((await runOn(values)).text).toBe(values.replace('v1.0.0', 'v1.1.0'))
})

test('an unknown policy is a warning that names the closest', async () => {
  const { text, warnings } = await runOn(`image: ${old} ${marker('flux-system:ap')}\n`)
  expect(text).toContain(old)
  expect(warnings).toContain(
    'image stdin: is marked with "flux-system:ap", which is not the name of a policy of the input; the closest one is "flux-system:app"',
  )
})

test('Flux would skip the file of a sequence; in a stream only that document is skipped', async () => {
  const input = `- a: ${old} ${marker()}\n---\n${workload(`containers:\n- image: ${old} ${marker()}\n- image: ${old}\n`)}---\nx: ${old} ${marker()}\n`
  const { text, warnings } = await runOn(input)
  expect(text.match(/v1\.1\.0/g)).toHaveLength(2)
  expect(text).toContain(`- a: ${old}`)
  expect(warnings).toEqual([
    'stdin:1: mentions $imagepolicy, but marks nothing: Flux reads markers only in mappings, and this is in a document whose root is a sequence',
  ])
})

test('with targets.markers: false the policy governs the containers', async () => {
  const input = workload(`containers:\n- image: ${old} ${marker()}\n- image: ${old}\n`)
  const { moved } = await runOn(input, { config: { targets: { markers: false } } })
  expect(moved).toHaveLength(3)
})

test('a marked annotation is edited once', async () => {
  const input = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    fluxcd.io/tag.app: v1.0.0 ${marker('flux-system:marked:tag')}\nspec:\n  containers:\n  - image: ${old}\n`
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/app', { name: 'marked' })}`
  expect((await runOn(input, { policies })).text).toBe(input.replaceAll('v1.0.0', 'v1.1.0'))
})

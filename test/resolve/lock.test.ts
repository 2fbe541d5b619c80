import { applyImagePolicies, type TagSource } from '../../src/index.ts'
import { policyFor, runOn, workload } from '../fixtures/apply.ts'

const nobody: TagSource = {
  listTags: () => {
    throw new Error('a registry was asked')
  },
  digestOf: () => {
    throw new Error('a registry was asked')
  },
}
const input = workload('containers:\n- image: ghcr.io/acme/app:v1.0.0\n')
const lock =
  'apiVersion: fn.kpt.dev/v1alpha1\nkind: ImagePolicyLock\nmetadata: {name: image-policies}\nspec: {schemaVersion: 1, entries: []}\n'
const instead =
  'locks are not supported yet: choose `source: registry` to ask the registries, or `source: status` for what Flux chose'

test.each([
  [
    'source: lock without a lock',
    input,
    { source: 'lock' },
    'ApplyImagePolicies config (functionConfig) spec.source: must not be "lock"; the input has none',
  ],
  [
    'source: lock with one',
    `${input}---\n${lock}`,
    { source: 'lock' },
    'ApplyImagePolicies config (functionConfig) spec.source: must not be "lock"',
  ],
  [
    'a lock and source: auto',
    `${input}---\n${lock}`,
    {},
    'ImagePolicyLock image-policies: must not be in the input with `source: auto`, which would obey it',
  ],
])('%s: an error, and no registry is asked', async (_name, manifests, config, problem) => {
  const { errors, text, exitCode } = await runOn(manifests, { config, source: nobody })
  expect(errors[0]).toBe(`${problem}; ${instead}`)
  expect({ text, exitCode }).toEqual({ text: '', exitCode: 1 })
})

test('a lock among the policies has the same effect', async () => {
  const { errors } = await runOn(input, {
    policies: `${policyFor('ghcr.io/acme/app')}---\n${lock}`,
    source: nobody,
  })
  expect(errors[0]).toContain(
    'ImagePolicyLock image-policies (policies[0]): must not be in the input',
  )
})

test('source: registry ignores a lock', async () => {
  const { text } = await runOn(`${input}---\n${lock}`, { config: { source: 'registry' } })
  expect(text).toContain('ghcr.io/acme/app:v1.1.0')
})

test('with a wrong functionConfig no registry is asked, and all other problems are reported', async () => {
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/b', { name: 'b' }).replace('imageRepositoryRef: {name: b}', 'imageRepositoryRef: {name: c}')}`
  const { errors } = await runOn(input, {
    config: { source: 'registery', targets: { containers: true } },
    policies,
    source: nobody,
  })
  expect(errors).toHaveLength(3) // the summary is the third
  expect(errors[0]).toContain(
    'spec.source: must be one of "auto", "registry", "lock", "status", got "registery"',
  )
  expect(errors[1]).toContain(
    'ImagePolicy flux-system/b (policies[0]) spec.imageRepositoryRef.name',
  )
})

test('in a ConfigMap, the field is below data', async () => {
  const functionConfig =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {source: lock}\n'
  const { results } = await applyImagePolicies(input, { functionConfig, tagSource: nobody })
  expect(results[0]).toMatchObject({ field: { path: 'data.source' }, tags: { code: 'BAD_FIELD' } })
})

import { newProblems } from '../../src/problems.ts'
import { findWorkloadPolicies } from '../../src/targets/workload-policies.ts'
import { readResources } from '../fixtures/read-resources.ts'

const deployment = (annotations: Readonly<Record<string, string>>, image = 'acme/app:v1') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', annotations },
  spec: { template: { spec: { containers: [{ name: 'app', image }] } } },
})
const automated = (container: string, rule: string) => ({
  'fluxcd.io/automated': 'true',
  [`fluxcd.io/tag.${container}`]: rule,
})

async function policiesOf(...objects: readonly object[]) {
  const problems = newProblems()
  const policies = findWorkloadPolicies(await readResources(...objects), problems)
  return {
    policies: policies.map(({ container, repository }) => `${container} ${repository}`),
    errors: problems.errors.map(({ problem }) => problem),
    warnings: problems.notices.map(({ problem }) => problem),
  }
}
const none = { policies: [], errors: [], warnings: [] }

test.each<readonly [string, object, Partial<Awaited<ReturnType<typeof policiesOf>>>]>([
  [
    'a container',
    deployment(automated('app', 'semver:1.x')),
    { policies: ['app docker.io/acme/app'] },
  ],
  ['no rule', deployment({ 'fluxcd.io/automated': 'true' }), {}],
  ['a tag that was recorded', deployment(automated('app', 'v1')), {}],
  ['not automated', deployment({ 'fluxcd.io/tag.app': 'semver:1.x' }), {}],
  ['an image that is not a reference', deployment(automated('app', 'semver:1.x'), '${IMAGE}'), {}],
  [
    'another container',
    deployment(automated('ap', 'semver:1.x')),
    {
      warnings: ['governs nothing: the workload has no container "ap"; the closest one is "app"'],
    },
  ],
])('%s', async (_what, object, expected) => {
  expect(await policiesOf(object)).toEqual({ ...none, ...expected })
})

test('a rule that can not be kept is an error, and others go on', async () => {
  const { policies, errors } = await policiesOf(
    deployment(automated('app', 'glob:v*')),
    deployment(automated('app', 'semver:1.x')),
  )
  expect(errors).toHaveLength(1)
  expect(policies).toHaveLength(1)
})

test('hints for rules under a veto spend the budget of the run', async () => {
  const problems = newProblems()
  const vetoed = { ...automated('ap', 'semver:1.x'), 'fluxcd.io/locked': 'true' }
  const hintOf = async () => {
    findWorkloadPolicies(await readResources(deployment(vetoed)), problems)
    return problems.notices.at(-1)?.problem
  }
  expect(await hintOf()).toContain('the closest one is "app"')
  while (problems.hints.affords(1_000)) {}
  while (problems.hints.affords(1)) {}
  expect(await hintOf()).toContain('it has others')
})

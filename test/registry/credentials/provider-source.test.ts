import { providerSource } from '../../../src/registry/credentials/provider-source.ts'
import { environmentOf } from './loopback.ts'
import { shown } from './shown.ts'

const source = (env: Record<string, string>, allowHelpers = true) =>
  providerSource(environmentOf(env), allowHelpers)

test('asks the provider that the policy names', async () => {
  const found = await source({ GITHUB_TOKEN: 'secret' })('ghcr.io/acme/web', 'github')
  expect(found && shown(found)).toMatchObject({ origin: 'ambient', password: 'secret' })
})

test.each([undefined, 'generic'] as const)('asks nobody for provider %s', async provider => {
  expect(await source({ GITHUB_TOKEN: 'secret' })('ghcr.io/acme/web', provider)).toBeUndefined()
})

test.each([
  [
    'for a foreign registry',
    { GITHUB_TOKEN: 'secret' },
    'my-registry.com/web',
    true,
    'provider github was not asked for my-registry.com, which is not one of its registries',
  ],
  [
    'if the operator does not allow it',
    { GITHUB_TOKEN: 'secret' },
    'ghcr.io/acme/web',
    false,
    'provider github was not asked for ghcr.io, because providers are off; set IMAGE_POLICY_HELPERS=1 to allow them',
  ],
  [
    'without an identity',
    {},
    'ghcr.io/acme/web',
    true,
    'provider github found no identity to use for ghcr.io: it needs GITHUB_TOKEN or GH_TOKEN',
  ],
])('has none %s, with the reason', async (_name, env, repository, allowHelpers, problem) => {
  expect(await source(env as Record<string, string>, allowHelpers)(repository, 'github')).toEqual({
    kind: 'unusable',
    problem,
    isMistake: false,
  })
})

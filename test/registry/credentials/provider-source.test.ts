import { providerSource } from '../../../src/registry/credentials/provider-source.ts'
import { environmentOf } from './loopback.ts'
import { shown } from './shown.ts'

function source(env: Record<string, string>, allowHelpers = true) {
  const infos: string[] = []
  return {
    infos,
    ask: providerSource(environmentOf(env), allowHelpers, message => infos.push(message)),
  }
}

test('asks the provider that the policy names', async () => {
  const { ask, infos } = source({ GITHUB_TOKEN: 'secret' })
  expect((await ask('ghcr.io/acme/web', 'github')).map(shown)).toMatchObject([
    { origin: 'ambient', password: 'secret' },
  ])
  expect(infos).toEqual([])
})

test.each([undefined, 'generic'] as const)('asks nobody for provider %s', async provider => {
  const { ask, infos } = source({ GITHUB_TOKEN: 'secret' })
  expect(await ask('ghcr.io/acme/web', provider)).toEqual([])
  expect(infos).toEqual([])
})

test.each([
  [
    'a foreign registry',
    'my-registry.com/web',
    true,
    'provider github was not asked for my-registry.com, which is not one of its registries',
  ],
  [
    'want of permission',
    'ghcr.io/acme/web',
    false,
    'provider github was not asked for ghcr.io, because providers are off; set IMAGE_POLICY_HELPERS=1 to allow them',
  ],
])('is not asked for %s', async (_name, repository, allowHelpers, info) => {
  const { ask, infos } = source({ GITHUB_TOKEN: 'secret' }, allowHelpers)
  expect(await ask(repository, 'github')).toEqual([])
  expect(infos).toEqual([info])
})

test('says what a provider without an identity needs', async () => {
  const { ask, infos } = source({})
  expect(await ask('ghcr.io/acme/web', 'github')).toEqual([])
  expect(infos).toEqual([
    'provider github found no identity to use for ghcr.io: it needs GITHUB_TOKEN or GH_TOKEN',
  ])
})

import type { Provider } from '../../image/repository-access.ts'
import type { Credential, UnusableSource } from '../credential.ts'
import type { ProviderEnvironment } from './provider.ts'
import { providers } from './providers.ts'
import { keyOfRepository } from './registry-key.ts'

/** What the provider of a policy has for a repository: a credential, or why it has none. */
export type AskProvider = (
  repository: string,
  provider: Provider | undefined,
) => Promise<Credential | UnusableSource | undefined>

/**
 * Asks each provider at most once for each registry, only for its own hosts, and only if the
 * operator allows it.
 */
export function providerSource(
  environment: ProviderEnvironment,
  allowHelpers: boolean,
): AskProvider {
  const minted = new Map<string, Promise<Credential | undefined>>()

  return async (repository, name) => {
    const provider = name && providers.get(name)
    if (!provider) return undefined
    const { host } = keyOfRepository(repository)
    const unusable = (problem: string): UnusableSource => ({
      kind: 'unusable',
      problem: `provider ${name} ${problem}`,
      isMistake: false,
    })
    if (!provider.hosts.test(host))
      return unusable(`was not asked for ${host}, which is not one of its registries`)
    if (!allowHelpers) {
      return unusable(
        `was not asked for ${host}, because providers are off; set IMAGE_POLICY_HELPERS=1 to allow them`,
      )
    }
    const key = `${name} ${host}`
    const asked = minted.get(key) ?? provider.load().then(mint => mint(host, environment))
    minted.set(key, asked)
    return (
      (await asked) ?? unusable(`found no identity to use for ${host}: it needs ${provider.needs}`)
    )
  }
}

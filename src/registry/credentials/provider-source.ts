import type { Provider } from '../../image/repository-access.ts'
import type { Credential } from '../credential.ts'
import type { ProviderEnvironment } from './provider.ts'
import { providers } from './providers.ts'
import { keyOfRepository } from './registry-key.ts'

/** The credential that the provider of a policy has for a repository: one or none. */
export type AskProvider = (
  repository: string,
  provider: Provider | undefined,
) => Promise<readonly Credential[]>

/**
 * Asks each provider at most once for each registry, only for its own hosts, and only if the
 * operator allows it.
 */
export function providerSource(
  environment: ProviderEnvironment,
  allowHelpers: boolean,
  onInfo: (message: string) => void,
): AskProvider {
  const minted = new Map<string, Promise<Credential | undefined>>()

  return async (repository, name) => {
    const provider = name && providers.get(name)
    if (!provider) return []
    const { host } = keyOfRepository(repository)
    if (!provider.hosts.test(host)) {
      onInfo(`provider ${name} was not asked for ${host}, which is not one of its registries`)
      return []
    }
    if (!allowHelpers) {
      onInfo(
        `provider ${name} was not asked for ${host}, because providers are off; set IMAGE_POLICY_HELPERS=1 to allow them`,
      )
      return []
    }
    const key = `${name} ${host}`
    const asked = minted.get(key) ?? provider.load().then(mint => mint(host, environment))
    minted.set(key, asked)
    const credential = await asked
    if (credential) return [credential]
    onInfo(`provider ${name} found no identity to use for ${host}: it needs ${provider.needs}`)
    return []
  }
}

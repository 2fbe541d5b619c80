import { isLoopbackHost } from './address-policy.ts'
import type { Credential } from './credential.ts'

/** Token servers of another site than their registry, as everybody knows them. */
const knownPairs = new Map([
  ['registry-1.docker.io', 'auth.docker.io'],
  ['registry.gitlab.com', 'gitlab.com'],
])

/** `IMAGE_POLICY_TRUSTED_TOKEN_HOSTS`: hosts, each with a port or not, separated by commas. */
export const parseTrustedHosts = (list: string | undefined): readonly string[] =>
  (list ?? '')
    .split(',')
    .map(host => host.trim().toLowerCase())
    .filter(host => host !== '')

/**
 * Why `credential` (undefined: anonymous) must not be shown to the token server at `realm`, which the registry at `registry` has named;
 * undefined when it may. A registry can name any realm, so only one of the same site counts: the same host, another of the same
 * registrable domain (the Public Suffix List with its private section), a known pair, or what the operator trusts.
 */
export async function realmProblem(
  realm: URL,
  registry: URL,
  credential: Credential | undefined,
  trustedHosts: readonly string[],
): Promise<string | undefined> {
  const name = `the token server ${realm.protocol}//${realm.host}`
  if (!/^https?:$/.test(realm.protocol) || realm.username !== '' || realm.password !== '')
    return 'the realm must be a plain http(s) URL'
  if (registry.protocol === 'https:' && realm.protocol === 'http:')
    return `${name} must be https, as the registry is`
  if (credential === undefined) return undefined
  if (
    credential.origin === 'ambient' &&
    realm.protocol === 'http:' &&
    !isLoopbackHost(realm.hostname)
  ) {
    return `${name} must be https: ${credential.source} would travel in the clear`
  }
  if (await isSameSite(realm, registry, trustedHosts)) return undefined
  return (
    `${name} is of another site than the registry, so it does not get ${credential.source}; ` +
    `if it is right, name it: IMAGE_POLICY_TRUSTED_TOKEN_HOSTS=${realm.host}`
  )
}

async function isSameSite(
  realm: URL,
  registry: URL,
  trustedHosts: readonly string[],
): Promise<boolean> {
  if (realm.hostname === registry.hostname || knownPairs.get(registry.host) === realm.host)
    return true
  if (trustedHosts.includes(realm.hostname) || trustedHosts.includes(realm.host)) return true
  // loaded here: hardly any registry needs it
  const { getDomain } = await import('./public-suffix.ts')
  const domainOf = (url: URL) => getDomain(url.hostname, { allowPrivateDomains: true })
  const domain = domainOf(registry)
  return domain !== null && domain === domainOf(realm)
}

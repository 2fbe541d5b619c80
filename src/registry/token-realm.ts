import { isLoopbackHost } from './address-policy.ts'
import type { Credential } from './credential.ts'

/** Well-known registries whose token server belongs to another site. */
const knownPairs = new Map([
  ['registry-1.docker.io', 'auth.docker.io'],
  ['registry.gitlab.com', 'gitlab.com'],
])

/** `IMAGE_POLICY_TRUSTED_TOKEN_HOSTS`: hosts with or without a port, separated by commas. */
export const parseTrustedHosts = (list: string | undefined): readonly string[] =>
  (list ?? '')
    .split(',')
    .map(host => host.trim().toLowerCase())
    .filter(host => host !== '')

/**
 * Why `credential` (undefined: anonymous) must not be sent to the token server at `realm`, which
 * the registry at `registry` named; undefined if it may. A registry can name any realm, so a
 * credential goes only to the same site: the same host, the same registrable domain (by the Public
 * Suffix List with its private section), a known pair, or a host that the operator trusts.
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
    return `${name} must be https: ${credential.source} would be sent unencrypted`
  }
  if (await isSameSite(realm, registry, trustedHosts)) return undefined
  return (
    `${name} is not of the same site as the registry, so ${credential.source} is not sent to it; ` +
    `to trust it, set IMAGE_POLICY_TRUSTED_TOKEN_HOSTS=${realm.host}`
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
  // loaded on demand, because few registries need it
  const { getDomain } = await import('./public-suffix.ts')
  const domainOf = (url: URL) => getDomain(url.hostname, { allowPrivateDomains: true })
  const domain = domainOf(registry)
  return domain !== null && domain === domainOf(realm)
}

import type { SecretData } from '../../image/repository-access.ts'
import type { Credential } from '../credential.ts'
import { readAuthEntry } from './auth-entry.ts'
import { parseDockerConfig, parseDockercfg } from './docker-config.ts'
import { findInKeyring } from './kubernetes-keyring.ts'

/**
 * The credentials for `repository` in a pull Secret of the input. A Secret that can't be used
 * (encrypted, another type) gives none and is reported to `onInfo`. Its `credHelpers` and
 * `credsStore` are ignored, because YAML must not start programs. Throws REGISTRY_DENIED if it is
 * malformed.
 */
export function credentialsInSecret(
  secret: SecretData,
  repository: string,
  onInfo: (message: string) => void,
): readonly Credential[] {
  const source = `Secret ${secret.name}`
  const form = secretForms.get(secret.type)
  if (form === undefined) {
    onInfo(
      `${source}: type must be one of ${[...secretForms.keys()].join(', ')}, got "${secret.type}"; continuing without it`,
    )
    return []
  }
  const text = secret.data.get(form.key)
  if (text === undefined || text === '') {
    onInfo(`${source}: has no data under \`${form.key}\`; continuing without it`)
    return []
  }
  if (text.startsWith('ENC[')) {
    onInfo(
      `${source}: is encrypted by SOPS; continuing without it (decrypt it before the function runs, or set DOCKER_AUTH_CONFIG)`,
    )
    return []
  }
  const { auths } = form.parse(text, `${source} ${form.key}`)
  return findInKeyring(auths, repository)
    .map(([key, entry]) => readAuthEntry(entry, `auths["${key}"] of ${source}`, 'yaml'))
    .filter(credential => credential !== undefined)
}

const secretForms = new Map([
  ['kubernetes.io/dockerconfigjson', { key: '.dockerconfigjson', parse: parseDockerConfig }],
  ['kubernetes.io/dockercfg', { key: '.dockercfg', parse: parseDockercfg }],
])

import type { Credential } from '../credential.ts'
import { readAuthEntry } from './auth-entry.ts'
import type { DockerConfig } from './docker-config.ts'
import { findByPath, keyOfRepository, parseRegistryKey } from './registry-key.ts'

/**
 * Asks the credential helper `name` for `serverUrl`; undefined if it has no credential, is not
 * allowed or is not installed. `source` names the setting.
 */
export type AskHelper = (
  name: string,
  serverUrl: string,
  source: string,
) => Promise<Credential | undefined>

/**
 * The credentials for `repository` in the operator's configuration: from the helper for exactly
 * this host, else from the store; then from `auths`. `askHelper` is undefined if a better source
 * has a credential, because starting a helper takes time.
 */
export async function credentialsInConfig(
  config: DockerConfig,
  repository: string,
  askHelper: AskHelper | undefined,
): Promise<readonly Credential[]> {
  const helper = helperFor(config, keyOfRepository(repository).host)
  const answers = [
    helper &&
      (await askHelper?.(helper.name, helper.serverUrl, `${helper.setting} of ${config.source}`)),
    ...findByPath(config.auths, repository).map(([key, entry]) =>
      readAuthEntry(entry, `auths["${key}"] of ${config.source}`, 'ambient'),
    ),
  ]
  return answers.filter(credential => credential !== undefined)
}

function helperFor(
  config: DockerConfig,
  host: string,
): { name: string; serverUrl: string; setting: string } | undefined {
  const serverUrl = host === 'docker.io' ? 'https://index.docker.io/v1/' : host // the key that `docker login` writes
  for (const [key, name] of config.credHelpers) {
    const { host: keyHost, path } = parseRegistryKey(key)
    if (keyHost === host && path === '')
      return name === '' ? undefined : { name, serverUrl, setting: `credHelpers["${key}"]` }
  }
  return config.credsStore === undefined
    ? undefined
    : { name: config.credsStore, serverUrl, setting: 'credsStore' }
}

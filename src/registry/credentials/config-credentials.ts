import type { Credential, UnusableSource } from '../credential.ts'
import { readAuthEntry } from './auth-entry.ts'
import type { DockerConfig } from './docker-config.ts'
import { findByPath, keyOfRepository, parseRegistryKey } from './registry-key.ts'

/** What a credential helper is asked. */
export interface HelperQuestion {
  /** The helper is the program `docker-credential-<name>`. */
  readonly name: string
  readonly serverUrl: string
  /** Where the helper is named, for messages. */
  readonly setting: string
  /** Whether it should have a login: it is named for this registry, or somebody logged in. */
  readonly isExpected: boolean
}

export type AskHelper = (question: HelperQuestion) => Promise<Credential | UnusableSource>

/**
 * The credentials for `repository` in the operator's configuration: from the helper for exactly
 * this host, else from the store; then from `auths`. `askHelper` is undefined if a better source
 * has a credential, because starting a helper takes time.
 */
export async function credentialsInConfig(
  config: DockerConfig,
  repository: string,
  askHelper: AskHelper | undefined,
): Promise<readonly (Credential | UnusableSource)[]> {
  const entries = findByPath(config.auths, repository)
  const helper = helperFor(config, keyOfRepository(repository).host, entries.length > 0)
  const answers = [
    helper && (await askHelper?.(helper)),
    ...entries.map(([key, entry]) =>
      readAuthEntry(entry, `auths["${key}"] of ${config.source}`, 'ambient'),
    ),
  ]
  return answers.filter(answer => answer !== undefined)
}

/** `hasEntry`: whether `auths` has an entry for the repository, if only an empty one. */
function helperFor(
  { source, credHelpers, credsStore }: DockerConfig,
  host: string,
  hasEntry: boolean,
): HelperQuestion | undefined {
  const serverUrl = host === 'docker.io' ? 'https://index.docker.io/v1/' : host // the key that `docker login` writes
  for (const [key, name] of credHelpers) {
    const { host: keyHost, path } = parseRegistryKey(key)
    if (keyHost !== host || path !== '') continue
    const setting = `credHelpers["${key}"] of ${source}`
    return name === '' ? undefined : { name, serverUrl, setting, isExpected: true }
  }
  if (credsStore === undefined) return undefined
  // `docker login` leaves an empty entry for a login that is in the store
  const setting = `credsStore of ${source}`
  return { name: credsStore, serverUrl, setting, isExpected: hasEntry }
}

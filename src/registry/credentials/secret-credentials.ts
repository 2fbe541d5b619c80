import { FunctionError } from '../../errors.ts'
import type { RepositoryAccess, SecretData } from '../../image/repository-access.ts'
import { type Credential, isCredential, type UnusableSource } from '../credential.ts'
import { readAuthEntry } from './auth-entry.ts'
import { parseDockerConfig, parseDockercfg } from './docker-config.ts'
import { findInKeyring } from './kubernetes-keyring.ts'
import { keyOfRepository } from './registry-key.ts'

/**
 * The credentials for `repository` in a pull Secret of the input, or why it has none. Its
 * `credHelpers` and `credsStore` are ignored, because YAML must not start programs. Throws
 * REGISTRY_DENIED if it is malformed.
 */
export function credentialsInSecret(
  secret: SecretData,
  repository: string,
): readonly (Credential | UnusableSource)[] {
  const source = `Secret ${secret.name}`
  const unusable = (problem: string): readonly UnusableSource[] => [
    { kind: 'unusable', problem: `${source} ${problem}`, isMistake: true },
  ]
  const form = secretForms.get(secret.type)
  const text = form && secret.data.get(form.key)
  if (!text) {
    const types = [...secretForms.keys()].join(' or ')
    return unusable(`must be of type ${types} and have its data, got "${secret.type}"`)
  }
  const { auths } = form.parse(text, `${source} ${form.key}`)
  const entries = findInKeyring(auths, repository)
  const credentials = entries
    .map(([key, entry]) => readAuthEntry(entry, `auths["${key}"] of ${source}`, 'yaml'))
    .filter(credential => credential !== undefined)
  if (credentials.length > 0) return credentials
  const { host } = keyOfRepository(repository)
  if (entries.length > 0) return unusable(`has an empty login for ${host}`)
  // the other names are a part of the Secret
  return unusable(
    auths.size === 0 ? 'has no login' : `has no login for ${host}, only for other repositories`,
  )
}

/**
 * What is wrong with the Secrets of a repository, for a warning before the registry is asked: it
 * may answer without a login, from which no user would see that the login is not used.
 */
export function secretProblems(
  repository: string,
  { place, unused = [], secret }: RepositoryAccess,
): NonNullable<RepositoryAccess['unused']> {
  const own = secret === undefined ? [] : problemsOf(secret, repository)
  return [...unused, ...own.map(problem => ({ problem, place: place ?? {} }))]
}

function problemsOf(secret: SecretData, repository: string): readonly string[] {
  try {
    const found = credentialsInSecret(secret, repository)
    return found.flatMap(source => (isCredential(source) ? [] : source.problem))
  } catch (error) {
    if (error instanceof FunctionError) return [error.problem]
    throw error
  }
}

const secretForms = new Map([
  ['kubernetes.io/dockerconfigjson', { key: '.dockerconfigjson', parse: parseDockerConfig }],
  ['kubernetes.io/dockercfg', { key: '.dockercfg', parse: parseDockercfg }],
])

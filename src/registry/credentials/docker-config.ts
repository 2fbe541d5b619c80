import { FunctionError } from '../../errors.ts'
import { isJsonObject, parseJsonObject } from './json-fields.ts'

/** The credentials in docker's config.json, containers' auth.json or a pull Secret. */
export interface DockerConfig {
  /** For errors: the file, variable or Secret. */
  readonly source: string
  /** By registry key; an entry is parsed only when it is needed. */
  readonly auths: ReadonlyMap<string, unknown>
  /** Names of helpers by registry key; an empty name means `auths`. */
  readonly credHelpers: ReadonlyMap<string, string>
  readonly credsStore: string | undefined
}

/**
 * Reads `{"auths": …, "credHelpers": …, "credsStore": …}`. Throws REGISTRY_DENIED; its message
 * holds no value.
 */
export function parseDockerConfig(text: string, source: string): DockerConfig {
  const config = parseJsonObject(text, problem => broken(source, problem))
  const credsStore = config.credsStore ?? ''
  if (typeof credsStore !== 'string') throw broken(source, '`credsStore` must be a string')
  return {
    source,
    auths: mapAt(config, 'auths', source),
    credHelpers: new Map(
      [...mapAt(config, 'credHelpers', source)].map(([key, name]) => {
        if (typeof name !== 'string')
          throw broken(source, `\`credHelpers["${key}"]\` must be a string`)
        return [key, name]
      }),
    ),
    credsStore: credsStore === '' ? undefined : credsStore,
  }
}

/** Parses the older format, a bare `{"ghcr.io": {…}}` (`.dockercfg`). Throws REGISTRY_DENIED. */
export function parseDockercfg(text: string, source: string): DockerConfig {
  return {
    source,
    auths: new Map(Object.entries(parseJsonObject(text, problem => broken(source, problem)))),
    credHelpers: new Map(),
    credsStore: undefined,
  }
}

function mapAt(
  config: Readonly<Record<string, unknown>>,
  key: string,
  source: string,
): ReadonlyMap<string, unknown> {
  const value = config[key] ?? {}
  if (!isJsonObject(value)) throw broken(source, `\`${key}\` must be an object`)
  return new Map(Object.entries(value))
}

const broken = (source: string, problem: string) =>
  new FunctionError('REGISTRY_DENIED', `${source}: ${problem}, as written by \`docker login\``)

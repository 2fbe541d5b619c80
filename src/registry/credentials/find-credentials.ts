import { readFile } from 'node:fs/promises'
import { type FindCredentials, isCredential } from '../credential.ts'
import { credentialsInConfig } from './config-credentials.ts'
import { type ConfigFile, containersAuthFiles, dockerConfigFile } from './config-files.ts'
import { type DockerConfig, parseDockerConfig } from './docker-config.ts'
import { type AskEndpoint, askByHttp } from './endpoint.ts'
import { type Environment, readOnce } from './environment.ts'
import { helperSource } from './helper-source.ts'
import { providerSource } from './provider-source.ts'
import { credentialsInSecret } from './secret-credentials.ts'

export interface CredentialOptions {
  readonly env: Environment['env']
  readonly home?: string | undefined
  /**
   * Whether credential helpers and providers may be asked. Only the operator decides it
   * (`IMAGE_POLICY_HELPERS`, the shape of the run): a manifest can name a provider but not enable
   * it.
   */
  readonly allowHelpers: boolean
  /** Called once for each source of the operator that could not be used, with the reason. */
  readonly onInfo?: (message: string) => void
  /** The same, if nothing else has a login and it is a mistake. */
  readonly onWarning?: (message: string) => void
  /** Throws errors as in `node:fs`. */
  readonly readFile?: (path: string) => Promise<string>
  /** How providers reach their cloud. */
  readonly ask?: AskEndpoint
}

/**
 * Looks for credentials in this order: the Secret of the policy, `DOCKER_AUTH_CONFIG`, docker's
 * config.json, containers' auth.json, the provider. Returns all credentials of files and variables;
 * a helper or a provider is asked only if there is none so far.
 *
 * Credentials of the Secret have the origin `yaml`, all others `ambient`. By this origin, the
 * client keeps ambient credentials apart from `certSecret`, `proxySecret` and `insecure`.
 */
export function findCredentials(options: CredentialOptions): FindCredentials {
  const onInfo = reportOnce(options.onInfo ?? (() => {}))
  const onWarning = reportOnce(options.onWarning ?? (() => {}))
  const { env, home, allowHelpers } = options
  const environment: Environment = {
    env,
    home,
    readFile: readOnce(options.readFile ?? (path => readFile(path, 'utf8')), onInfo),
  }
  const askHelper = helperSource({ env, allowHelpers })
  const ask = options.ask ?? askByHttp(env)
  const askProvider = providerSource({ ...environment, ask }, allowHelpers)

  return async (repository, access) => {
    // the Secret was reported before the registry was asked: see `secretProblems`
    const inSecret = access?.secret ? credentialsInSecret(access.secret, repository) : []
    const found = [...inSecret]
    const hasLogin = () => found.some(isCredential)
    for await (const config of operatorConfigs(environment)) {
      const ask = hasLogin() ? undefined : askHelper
      found.push(...(await credentialsInConfig(config, repository, ask)))
    }
    const provided = hasLogin() ? undefined : await askProvider(repository, access?.provider)
    if (provided) found.push(provided)
    for (const source of found.slice(inSecret.length))
      if (!isCredential(source))
        (source.isMistake && !hasLogin() ? onWarning : onInfo)(source.problem)
    return found
  }
}

async function* operatorConfigs(environment: Environment): AsyncGenerator<DockerConfig> {
  const inline = environment.env.DOCKER_AUTH_CONFIG
  if (inline) yield parseDockerConfig(inline, 'DOCKER_AUTH_CONFIG')
  const docker = dockerConfigFile(environment)
  const dockerConfig = docker && (await readConfig(docker, environment))
  if (dockerConfig) yield dockerConfig
  for (const file of containersAuthFiles(environment)) {
    const config = await readConfig(file, environment)
    if (config) yield { ...config, credsStore: undefined } // auth.json does not have this key
  }
}

async function readConfig(
  { path, namedBy }: ConfigFile,
  environment: Environment,
): Promise<DockerConfig | undefined> {
  const text = await environment.readFile(path, namedBy)
  return text === undefined || text.trim() === '' ? undefined : parseDockerConfig(text, path)
}

function reportOnce(report: (message: string) => void): (message: string) => void {
  const reported = new Set<string>()
  return message => {
    if (reported.has(message)) return
    reported.add(message)
    report(message)
  }
}

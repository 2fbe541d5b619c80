import { readFile } from 'node:fs/promises'
import type { Credential, FindCredentials } from '../credential.ts'
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
  /** Called once for each source that could not be used, with the reason. */
  readonly onInfo?: (message: string) => void
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
  const environment: Environment = {
    env: options.env,
    home: options.home,
    readFile: readOnce(options.readFile ?? (path => readFile(path, 'utf8')), onInfo),
  }
  const askHelper = helperSource({ env: options.env, allowHelpers: options.allowHelpers, onInfo })
  const askProvider = providerSource(
    { ...environment, ask: options.ask ?? askByHttp(options.env) },
    options.allowHelpers,
    onInfo,
  )

  return async (repository, access) => {
    const found: Credential[] = []
    if (access?.secret) found.push(...credentialsInSecret(access.secret, repository, onInfo))
    for await (const config of operatorConfigs(environment)) {
      found.push(
        ...(await credentialsInConfig(
          config,
          repository,
          found.length === 0 ? askHelper : undefined,
        )),
      )
    }
    if (found.length === 0) found.push(...(await askProvider(repository, access?.provider)))
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

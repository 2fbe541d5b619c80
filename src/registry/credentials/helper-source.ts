import { FunctionError } from '../../errors.ts'
import { type Credential, Redacted } from '../credential.ts'
import type { AskHelper } from './config-credentials.ts'
import { type HelperAnswer, helperName, runHelper } from './credential-helper.ts'
import type { Environment } from './environment.ts'

interface HelperOptions {
  readonly env: Environment['env']
  readonly allowHelpers: boolean
  readonly onInfo: (message: string) => void
  readonly run?: typeof runHelper
}

/**
 * Asks each helper at most once for each registry. Throws REGISTRY_DENIED if one fails for another
 * reason than having no credential.
 */
export function helperSource({
  env,
  allowHelpers,
  onInfo,
  run = runHelper,
}: HelperOptions): AskHelper {
  const answers = new Map<string, Promise<HelperAnswer>>()

  return async (name, serverUrl, source) => {
    if (!helperName.test(name)) {
      throw new FunctionError(
        'REGISTRY_DENIED',
        `${source}: must be a name of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}`,
      )
    }
    const program = `docker-credential-${name}`
    if (!allowHelpers) {
      onInfo(
        `${source}: ${program} was not asked, because credential helpers are off; set IMAGE_POLICY_HELPERS=1 to allow them`,
      )
      return undefined
    }
    const key = `${name} ${serverUrl}`
    const asked = answers.get(key) ?? run(name, serverUrl, env)
    answers.set(key, asked)
    const answer = await asked
    switch (answer.kind) {
      case 'found':
        return credentialOf(answer, `${program} (${source})`)
      case 'notFound':
        return undefined
      case 'notInstalled':
        onInfo(
          `${source}: ${program} is not installed, as in every container; put the login under \`auths\`, set DOCKER_AUTH_CONFIG, or run the function as an executable`,
        )
        return undefined
      case 'failed':
        throw new FunctionError(
          'REGISTRY_DENIED',
          `${source}: ${program} ${answer.reason}; to see why, run \`echo ${serverUrl} | ${program} get\` yourself`,
        )
    }
  }
}

/**
 * The user name `<token>` marks an identity token. Source: docker/docker-credential-helpers,
 * README.
 */
function credentialOf(
  { username, secret }: { username: string; secret: string },
  source: string,
): Credential {
  const value = new Redacted(secret)
  return username === '<token>'
    ? { source, origin: 'ambient', kind: 'identityToken', token: value }
    : { source, origin: 'ambient', kind: 'basic', username, password: value }
}

import { type Credential, Redacted, type UnusableSource } from '../credential.ts'
import type { AskHelper } from './config-credentials.ts'
import { type HelperAnswer, helperName, runHelper } from './credential-helper.ts'
import type { Environment } from './environment.ts'

interface HelperOptions {
  readonly env: Environment['env']
  readonly allowHelpers: boolean
  readonly run?: typeof runHelper
}

/** Asks each helper at most once for each registry. */
export function helperSource({ env, allowHelpers, run = runHelper }: HelperOptions): AskHelper {
  const answers = new Map<string, Promise<HelperAnswer>>()

  return async ({ name, serverUrl, setting, isExpected }) => {
    const unusable = (problem: string, isMistake = true): UnusableSource => ({
      kind: 'unusable',
      problem: `${setting}: ${problem}`,
      isMistake,
    })
    if (!helperName.test(name)) {
      return unusable(
        `must be a name of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}`,
      )
    }
    const program = `docker-credential-${name}`
    if (!allowHelpers) {
      const off = 'credential helpers are off; set IMAGE_POLICY_HELPERS=1 to allow them'
      return unusable(`${program} was not asked, because ${off}`, false)
    }
    const key = `${name} ${serverUrl}`
    const asked = answers.get(key) ?? run(name, serverUrl, env)
    answers.set(key, asked)
    const answer = await asked
    const command = `\`echo ${serverUrl} | ${program} get\``
    switch (answer.kind) {
      case 'found':
        return credentialOf(answer, `${program} (${setting})`)
      case 'notFound':
        return unusable(`${program} has no login for ${serverUrl}; log in again`, isExpected)
      case 'empty':
        return unusable(`${program} has an empty login for ${serverUrl}; log in again`)
      case 'notInstalled':
        return unusable(
          `${program} is not installed, as in every container; put the login under \`auths\`, set DOCKER_AUTH_CONFIG, or run the function as an executable`,
        )
      case 'locked':
        return unusable(`the store of ${program} is locked; unlock it, for example with ${command}`)
      case 'failed':
        return unusable(`${program} ${answer.reason}; to see why, run ${command} yourself`)
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

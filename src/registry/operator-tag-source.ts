import { homedir } from 'node:os'
import type { RepositoryAccess } from '../image/repository-access.ts'
import { findCredentials } from './credentials/find-credentials.ts'
import { secretProblems } from './credentials/secret-credentials.ts'
import { type OciTagSourceOptions, ociTagSource, type RegistryTagSource } from './oci-tag-source.ts'
import type { Env } from './proxy.ts'

/**
 * Registries, asked with the operator's credentials. Helpers and providers run programs and mint
 * tokens, so `IMAGE_POLICY_HELPERS` (`1` or `0`) controls them. Without it they are on for a
 * stream, which the operator passes to the program, and off for a ResourceList, because YAML can
 * make a host run the function.
 */
export function operatorTagSource(
  env: Env,
  shape: 'ResourceList' | 'stream',
  {
    onInfo,
    ...options
  }: Partial<OciTagSourceOptions> & { readonly onInfo?: (problem: string) => void } = {},
): RegistryTagSource {
  const allowHelpers = env.IMAGE_POLICY_HELPERS
    ? env.IMAGE_POLICY_HELPERS === '1'
    : shape !== 'ResourceList'
  const { onWarning } = options
  const source = ociTagSource({
    env,
    findCredentials: findCredentials({
      env,
      home: env.HOME || homeOfUser(),
      allowHelpers,
      ...(onInfo && { onInfo }),
      ...(onWarning && { onWarning }),
    }),
    ...options,
  })
  const reported = new Set<string>()
  const reportSecrets = (repository: string, access: RepositoryAccess | undefined) => {
    for (const { problem, place } of access ? secretProblems(repository, access) : []) {
      const message = JSON.stringify([problem, place])
      if (!reported.has(message)) onWarning?.(problem, place)
      reported.add(message)
    }
  }
  return {
    ...source,
    listTags(repository, access) {
      reportSecrets(repository, access)
      return source.listTags(repository, access)
    },
    digestOf(repository, reference, access) {
      reportSecrets(repository, access)
      return source.digestOf(repository, reference, access)
    },
  }
}

/**
 * `/` if HOME is not set and the system does not know the user, as in some containers. Docker does
 * the same.
 */
function homeOfUser(): string {
  try {
    return homedir()
  } catch {
    return '/'
  }
}

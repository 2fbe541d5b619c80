import { homedir } from 'node:os'
import type { TagSource } from '../resolve/tag-source.ts'
import { findCredentials } from './credentials/find-credentials.ts'
import { type OciTagSourceOptions, ociTagSource } from './oci-tag-source.ts'
import type { Env } from './proxy.ts'

/**
 * Registries as the operator may see them. Helpers and providers run programs and mint tokens, so `IMAGE_POLICY_HELPERS` decides (`1` or
 * `0`); without it only where the operator started the program on a stream or on files, not where a ResourceList (a host, and so YAML) did.
 */
export function operatorTagSource(
  env: Env,
  shape: 'ResourceList' | 'stream',
  {
    onInfo,
    ...options
  }: Partial<OciTagSourceOptions> & { readonly onInfo?: (problem: string) => void } = {},
): TagSource {
  const allowHelpers = env.IMAGE_POLICY_HELPERS
    ? env.IMAGE_POLICY_HELPERS === '1'
    : shape !== 'ResourceList'
  return ociTagSource({
    env,
    findCredentials: findCredentials({
      env,
      home: env.HOME || homeOfUser(),
      allowHelpers,
      ...(onInfo && { onInfo }),
    }),
    ...options,
  })
}

/** Where HOME is not set and the system does not know the user, as in some containers: `/`, as Docker says. */
function homeOfUser(): string {
  try {
    return homedir()
  } catch {
    return '/'
  }
}

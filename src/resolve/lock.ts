import { FunctionError } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'

/** A text that every lock contains. */
export const lockMention = 'ImagePolicyLock'

/**
 * Why this run must not choose by itself: a lock has to be obeyed, and locks can't be read yet.
 * Whoever asks for one, or puts one into the input, expects its choices and no network; so that is
 * an error, never a silent look-up. Undefined if there is no lock.
 */
export function lockRefusal(
  { source, resource, fieldOf }: FunctionConfig,
  resources: readonly Resource[],
): FunctionError | undefined {
  const lock = resources.find(
    ({ id }) => id.kind === 'ImagePolicyLock' && id.apiVersion.startsWith('fn.kpt.dev/'),
  )
  const instead =
    'locks are not supported yet: choose `source: registry` to ask the registries, or `source: status` for what Flux chose'
  if (source === 'lock') {
    const found = lock === undefined ? '; the input has none' : ''
    return new FunctionError('BAD_FIELD', `must not be "lock"${found}; ${instead}`, {
      resource,
      field: fieldOf('source'),
    })
  }
  if (source !== 'auto' || lock === undefined) return undefined
  return new FunctionError(
    'BAD_FIELD',
    `must not be in the input with \`source: auto\`, which would obey it; ${instead}`,
    placeOf(lock, ''),
  )
}

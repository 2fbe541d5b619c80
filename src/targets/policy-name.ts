import { nearest } from '../krm/nearest.ts'
import { defaultNamespace } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { UnusedPolicy } from '../policy/use-policies.ts'

/**
 * The policies that `<namespace>:<name>` names: by their original names first, then by their present ones, then those without a namespace
 * of that name. Several only if they have different scopes.
 */
export function policiesNamed<Policy extends Pick<ImagePolicy, 'id' | 'resource'>>(
  reference: string,
  policies: readonly Policy[],
): readonly Policy[] {
  const colon = reference.indexOf(':')
  const namespace = reference.slice(0, colon)
  const name = reference.slice(colon + 1)
  if (colon < 1 || name === '') return []
  const original = policies.filter(
    ({ id }) => id.original.name === name && id.original.namespace === namespace,
  )
  if (original.length > 0) return original
  const current = policies.filter(
    ({ id }) => id.current.name === name && id.current.namespace === namespace,
  )
  if (current.length > 0) return current
  return policies.filter(
    ({ id, resource }) =>
      id.original.name === name &&
      id.original.namespace === defaultNamespace &&
      resource.namespace === undefined,
  )
}

/** Whether it names only policies that take no part in the run. */
export const namesUnused = (reference: string, { policies, unused }: Named): boolean =>
  unused.length > 0 &&
  policiesNamed(reference, policies).length === 0 &&
  policiesNamed(reference, unused).length > 0

/** Why something that names such a policy stays as it is. */
export const unusedProblem = (reference: string): string =>
  `is left alone: "${reference}" takes no part in this run, because of \`usePolicies\``

interface Named {
  readonly policies: readonly ImagePolicy[]
  readonly unused: readonly UnusedPolicy[]
}

/** The hint for a name that names no policy. */
export function nearestPolicy(reference: string, policies: readonly ImagePolicy[]): string {
  const closest = nearest(
    reference,
    policies.map(({ id }) => `${id.original.namespace}:${id.original.name}`),
  )
  return closest === undefined ? 'the input has no policy' : `the closest one is "${closest}"`
}

import { FunctionError } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { formatResourceId } from '../place.ts'
import { formatPolicyId, type ImagePolicy } from '../policy/image-policy.ts'
import { type FieldPath, formatPath } from './target.ts'

/**
 * The one policy that governs an image, of those that share its repository: by the binding annotation
 * `fluxcd.io/policy.<container>: <namespace>:<name>`, else the one of the workload's own namespace.
 * Throws AMBIGUOUS_POLICY when several are left, UNKNOWN_POLICY when a binding names none.
 */
export function governingPolicy(
  candidates: readonly ImagePolicy[],
  resource: Resource,
  container: string,
  path: FieldPath,
): ImagePolicy | undefined {
  const bindingKey = `fluxcd.io/policy.${container}`
  const binding = resource.annotations.get(bindingKey)
  if (binding !== undefined) {
    const bound = candidates.find(policy => namedBy(binding, policy))
    if (bound !== undefined) return bound
    throw new FunctionError(
      'UNKNOWN_POLICY',
      `must name, as <namespace>:<name>, a policy of this image's repository, got "${binding}"; ${list(candidates)}`,
      placeOf(resource, formatPath(['metadata', 'annotations', bindingKey])),
    )
  }
  if (candidates.length < 2) return candidates[0]
  const namespace = resource.id.namespace ?? 'default'
  const own = candidates.filter(({ id }) => id.current.namespace === namespace || id.original.namespace === resource.original.namespace)
  if (own.length === 1) return own[0]
  throw new FunctionError(
    'AMBIGUOUS_POLICY',
    `must be governed by one policy; ${list(own.length > 1 ? own : candidates)}: ` +
      `say which with the annotation \`${bindingKey}: <namespace>:<name>\` on ${formatResourceId(resource.id)}`,
    placeOf(resource, formatPath(path)),
  )
}

/** Whether `reference` (`<namespace>:<name>`) names the policy, by its original name or by today's. */
export function namedBy(reference: string, { id }: ImagePolicy): boolean {
  return [id.original, id.current].some(({ namespace, name }) => reference === `${namespace}:${name}`)
}

const list = (policies: readonly ImagePolicy[]): string =>
  policies.length === 0
    ? 'no policy has that repository'
    : `policies with that repository: ${policies.map(policy => `${formatPolicyId(policy.id)} (${policy.resource.file ?? policy.resource.kind})`).join(', ')}`

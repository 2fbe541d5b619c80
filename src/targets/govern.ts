import { FunctionError } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { formatResourceId } from '../place.ts'
import { formatPolicyId, type ImagePolicy } from '../policy/image-policy.ts'
import { inScope, narrowest } from '../policy/scope.ts'
import { policiesNamed } from './policy-name.ts'
import { type FieldPath, formatPath } from './target.ts'

/**
 * The one policy that governs an image, of those that share its repository. Of the ones in whose scope the resource lies: a Flux v1 policy
 * of the container itself, else the narrowest scope, then the binding annotation `fluxcd.io/policy.<container>: <namespace>:<name>`, then
 * the workload's own namespace. Undefined where the image lies outside every scope.
 * Throws AMBIGUOUS_POLICY when several are left, UNKNOWN_POLICY when a binding names none.
 */
export function governingPolicy(
  candidates: readonly ImagePolicy[],
  resource: Resource,
  container: string,
  path: FieldPath,
): ImagePolicy | undefined {
  if (candidates.length === 0) return undefined
  const own = candidates.find(
    policy => policy.container === container && policy.resource === resource.id,
  )
  if (own !== undefined) return own
  const possible = candidates.filter(
    policy => policy.container === undefined && inScope(policy, resource),
  )
  const narrow = narrowest(possible, resource)

  const bindingKey = bindingKeyOf(container)
  const binding = resource.annotations.get(bindingKey)
  if (binding !== undefined) {
    if (policiesNamed(binding, possible).length === 0) {
      throw new FunctionError(
        'UNKNOWN_POLICY',
        `must name, as <namespace>:<name>, a policy of this image's repository in whose scope the workload lies, got "${binding}"; ${list(possible)}`,
        placeOf(resource, formatPath(['metadata', 'annotations', bindingKey])),
      )
    }
    const bound = policiesNamed(binding, narrow)
    if (bound.length === 1) return bound[0]
  }

  if (narrow.length < 2) return narrow[0]
  const namespace = resource.id.namespace ?? 'default'
  const inNamespace = narrow.filter(
    ({ id }) =>
      id.current.namespace === namespace || id.original.namespace === resource.original.namespace,
  )
  if (inNamespace.length === 1) return inNamespace[0]
  throw new FunctionError(
    'AMBIGUOUS_POLICY',
    `must be governed by one policy; ${list(inNamespace.length > 1 ? inNamespace : narrow)}: ` +
      `say which with the annotation \`${bindingKey}: <namespace>:<name>\` on ${formatResourceId(resource.id)}`,
    placeOf(resource, formatPath(path)),
  )
}

/** Why the binding annotation of a container does not count, where it names another policy than the one that governs; else undefined. */
export function overruledBinding(
  policy: ImagePolicy,
  resource: Resource,
  container: string,
): string | undefined {
  const binding = resource.annotations.get(bindingKeyOf(container))
  if (binding === undefined || policiesNamed(binding, [policy]).length > 0) return undefined
  return `is bound to "${binding}", but ${formatPolicyId(policy.id)} has a narrower scope and governs it: remove the annotation \`${bindingKeyOf(container)}\`, or that policy`
}

const bindingKeyOf = (container: string) => `fluxcd.io/policy.${container}`

const list = (policies: readonly ImagePolicy[]): string =>
  policies.length === 0
    ? 'there is none'
    : `there are ${policies.map(policy => `${formatPolicyId(policy.id)} (${policy.resource.file ?? policy.resource.kind})`).join(', ')}`

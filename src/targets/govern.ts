import type { Budget } from '../budget.ts'
import { FunctionError } from '../errors.ts'
import { type FieldPath, formatPath } from '../field-path.ts'
import { defaultNamespace, placeOf } from '../krm/resource.ts'
import { formatResourceId } from '../place.ts'
import { formatPolicyId, type ImagePolicy } from '../policy/image-policy.ts'
import { inScope, narrowest } from '../policy/scope.ts'
import { policiesNamed } from './policy-name.ts'
import type { Workload } from './workload.ts'

/**
 * The one policy that governs an image, of those that share its repository. Of the ones in whose
 * scope the resource is: a Flux v1 policy of the container itself, else the narrowest scope, then
 * the binding annotation `fluxcd.io/policy.<container>: <namespace>:<name>`, then the workload's
 * own namespace. Undefined if the image is outside every scope. Throws AMBIGUOUS_POLICY if several
 * are left, UNKNOWN_POLICY if a binding names none, BAD_INPUT if all of them are more work than is
 * left.
 */
export function governingPolicy(
  policies: readonly ImagePolicy[],
  workload: Workload,
  container: string,
  path: FieldPath,
  work?: Budget,
): ImagePolicy | undefined {
  if (policies.length === 0) return undefined
  const { resource } = workload
  work?.spend(policies.length)
  const own = policies.find(
    policy => policy.container === container && policy.resource === resource.id,
  )
  if (own !== undefined) return own
  const possible = policies.filter(
    policy => policy.container === undefined && inScope(policy, resource, work),
  )
  const narrow = narrowest(possible, resource, work)

  const binding = bindingOf(workload, container)
  if (binding !== undefined) {
    if (policiesNamed(binding, possible).length === 0) {
      throw new FunctionError(
        'UNKNOWN_POLICY',
        `must name, as <namespace>:<name>, a policy of this image's repository whose scope holds the workload, got "${binding}"; ${list(possible)}`,
        placeOf(
          resource,
          formatPath([...workload.path, 'metadata', 'annotations', bindingKeyOf(container)]),
        ),
      )
    }
    const bound = policiesNamed(binding, narrow)
    if (bound.length === 1) return bound[0]
  }

  if (narrow.length < 2) return narrow[0]
  const inNamespace = narrow.filter(policy => isOfNamespace(policy, workload))
  if (inNamespace.length === 1) return inNamespace[0]
  throw new FunctionError(
    'AMBIGUOUS_POLICY',
    `must be governed by one policy; ${list(inNamespace.length > 1 ? inNamespace : narrow)}: ` +
      `choose one with the annotation \`${bindingKeyOf(container)}: <namespace>:<name>\` on ${formatResourceId(resource.id)}, or leave out the others with \`usePolicies\` or \`--use\``,
    placeOf(resource, formatPath(path)),
  )
}

function isOfNamespace({ id }: ImagePolicy, { resource, namespace, path }: Workload): boolean {
  if (id.current.namespace === (namespace ?? defaultNamespace)) return true
  return path.length === 0 && id.original.namespace === resource.original.namespace
}

/**
 * Why the binding annotation of a container does not count, if it names another policy than the one
 * that governs; else undefined.
 */
export function overruledBinding(
  policy: ImagePolicy,
  workload: Workload,
  container: string,
): string | undefined {
  const binding = bindingOf(workload, container)
  if (binding === undefined || policiesNamed(binding, [policy]).length > 0) return undefined
  return `is bound to "${binding}", but ${formatPolicyId(policy.id)} has a narrower scope and governs it: remove the annotation \`${bindingKeyOf(container)}\`, or that policy`
}

const bindingKeyOf = (container: string) => `fluxcd.io/policy.${container}`

/** What the binding annotation of a container names, if it has one. */
export const bindingOf = ({ annotations }: Pick<Workload, 'annotations'>, container: string) =>
  annotations.get(bindingKeyOf(container))

/** More names of policies do not help, and each image would repeat them. */
const mostListed = 5

function list(policies: readonly ImagePolicy[]): string {
  if (policies.length === 0) return 'there is none'
  const names = policies
    .slice(0, mostListed)
    .map(({ id, resource }) => `${formatPolicyId(id)} (${resource.file ?? resource.kind})`)
  const more = policies.length - names.length
  return `there are ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

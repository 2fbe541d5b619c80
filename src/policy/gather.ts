import { FunctionError } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { currentName } from './flux-objects.ts'
import { readFluxPolicies } from './flux-policies.ts'
import { type ImagePolicy, policyPlace } from './image-policy.ts'
import { readConfigPolicies, readKustomizationPolicies } from './inline-policies.ts'
import { policyGroup, referencedMentions } from './mentions.ts'
import { placeScopes } from './scope.ts'
import type { PolicyFilter, UnusedPolicy } from './use-policies.ts'

export interface Gathered {
  readonly policies: readonly ImagePolicy[]
  /** Those that take no part, because of `usePolicies`. */
  readonly unused: readonly UnusedPolicy[]
}

/**
 * Turns every way of writing a policy into an ImagePolicy, except for the annotations of Flux v1,
 * which belong to the images of one workload. A policy with a problem is left out. `functionConfig`
 * is the resource that `config` was read from; `read` gives the resources of the input whose bytes
 * contain one of the mentions. An ImagePolicy that takes no part is not read, so its problems are
 * not reported.
 */
export async function gatherPolicies(
  resources: readonly Resource[],
  config: FunctionConfig,
  functionConfig: Resource | undefined,
  read: (mentions: readonly string[]) => Promise<readonly Resource[]>,
  filter: PolicyFilter,
  problems: Problems,
): Promise<Gathered> {
  const readReferenced = () => read(referencedMentions)
  const unused = resources
    .filter(isImagePolicy)
    .map(named)
    .filter(({ id }) => !filter.takes(id))
  const skipped = new Set(unused.map(({ resource }) => resource))
  const used = skipped.size === 0 ? resources : resources.filter(({ id }) => !skipped.has(id))
  const ofFlux = await readFluxPolicies(used, readReferenced, config, problems)
  const inline = [
    ...readKustomizationPolicies(used, functionConfig, config, problems),
    ...readConfigPolicies(config, problems),
  ]
  const policies = [...ofFlux, ...inline.filter(({ id }) => filter.takes(id))]
  return {
    policies: await placeScopes(withoutDuplicates(policies, problems), read, problems),
    unused: [...unused, ...inline.filter(({ id }) => !filter.takes(id))],
  }
}

const isImagePolicy = ({ id }: Resource) =>
  id.kind === 'ImagePolicy' && id.apiVersion.startsWith(`${policyGroup}/`)

const named = (resource: Resource): UnusedPolicy => ({
  resource: resource.id,
  id: { original: resource.original, current: currentName(resource) },
})

/**
 * Of policies with one name and scope, the first. If they mean different things, nobody can tell
 * which one a marker means.
 */
function withoutDuplicates(
  policies: readonly ImagePolicy[],
  problems: Problems,
): readonly ImagePolicy[] {
  const firsts = new Map<string, ImagePolicy>()
  for (const policy of policies) {
    const { current, scope = [''] } = policy.id
    const key = JSON.stringify([current.namespace, current.name, scope])
    const first = firsts.get(key)
    if (first === undefined) firsts.set(key, policy)
    else if (first.meaning !== policy.meaning) {
      problems.fail(
        new FunctionError(
          'AMBIGUOUS_POLICY',
          `must be the only policy of its name; ${holderOf(first)} and ${holderOf(policy)} define it differently: remove one, or rename it`,
          policyPlace(policy),
        ),
      )
    }
  }
  return [...firsts.values()]
}

const holderOf = ({ resource, field }: ImagePolicy): string =>
  `${resource.file ?? resource.kind} (${field})`

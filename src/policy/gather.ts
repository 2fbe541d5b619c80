import { FunctionError } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Resource } from '../krm/resource.ts'
import { readFluxPolicies } from './flux-policies.ts'
import type { ImagePolicy } from './image-policy.ts'
import {
  type ReadPolicies,
  readConfigPolicies,
  readKustomizationPolicies,
} from './inline-policies.ts'
import { referencedNeedles } from './needles.ts'
import { placeScopes } from './scope.ts'

/**
 * Turns every way of writing a policy into an ImagePolicy, but for the annotations of Flux v1, which belong to the images of one workload.
 * Every problem is collected; a policy with a problem is left out. `functionConfig` is the resource that `config` was read from; `read`
 * gives the resources of the input whose bytes hold one of the needles.
 */
export async function gatherPolicies(
  resources: readonly Resource[],
  config: FunctionConfig,
  functionConfig: Resource | undefined,
  read: (needles: readonly string[]) => Promise<readonly Resource[]>,
): Promise<ReadPolicies> {
  const sources = [
    await readFluxPolicies(resources, () => read(referencedNeedles), config),
    readKustomizationPolicies(resources, functionConfig, config),
    readConfigPolicies(config),
  ]
  const { policies, errors } = withoutDuplicates(sources.flatMap(source => source.policies))
  const placed = await placeScopes(policies, read)
  return {
    policies: placed.policies,
    errors: [...sources.flatMap(source => source.errors), ...errors],
    notices: [...sources.flatMap(source => source.notices), ...placed.notices],
  }
}

/** Of policies with one name and scope, the first. Where they mean different things, nobody could say which one a marker means. */
function withoutDuplicates(
  policies: readonly ImagePolicy[],
): Pick<ReadPolicies, 'policies' | 'errors'> {
  const firsts = new Map<string, ImagePolicy>()
  const errors: FunctionError[] = []
  for (const policy of policies) {
    const { current, scope = [''] } = policy.id
    const key = JSON.stringify([current.namespace, current.name, scope])
    const first = firsts.get(key)
    if (first === undefined) firsts.set(key, policy)
    else if (first.meaning !== policy.meaning) {
      errors.push(
        new FunctionError(
          'AMBIGUOUS_POLICY',
          `must be the only policy of its name; ${holderOf(first)} and ${holderOf(policy)} define it differently: remove one, or rename it`,
          { resource: policy.resource, field: policy.field },
        ),
      )
    }
  }
  return { policies: [...firsts.values()], errors }
}

const holderOf = ({ resource, field }: ImagePolicy): string =>
  `${resource.file ?? resource.kind} (${field})`

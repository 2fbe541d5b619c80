import type { Document } from '../krm/document.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Resource } from '../krm/resource.ts'
import { gatherPolicies } from '../policy/gather.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { type PolicySearch, reportNearPolicies } from '../policy/near-policies.ts'
import { policyFilter } from '../policy/use-policies.ts'
import type { Problems } from '../problems.ts'
import { findTargets } from '../targets/find-targets.ts'
import type { Target } from '../targets/target.ts'
import { findWorkloadPolicies } from '../targets/workload-policies.ts'

/** What has been read so far. */
export interface Inputs {
  readonly documents: readonly Document[]
  /** The resources that may hold policies. */
  readonly holders: readonly Resource[]
  readonly config: FunctionConfig
  readonly functionConfig: Resource | undefined
  readonly search: PolicySearch | undefined
}

/**
 * All policies, however they are written, and the fields of the writable documents that they
 * govern.
 */
export async function gatherTargets(
  { documents, holders, config, functionConfig, search }: Inputs,
  read: (mentions: readonly string[]) => Promise<readonly Resource[]>,
  problems: Problems,
): Promise<{ policies: readonly ImagePolicy[]; targets: readonly Target[] }> {
  const filter = policyFilter(config)
  const gathered = await gatherPolicies(holders, config, functionConfig, read, filter, problems)
  const ofWorkloads = findWorkloadPolicies(holders, problems).filter(({ id }) => filter.takes(id))
  filter.finish(config.mode, problems)
  const policies = [...gathered.policies, ...ofWorkloads]
  const targets = await findTargets({
    documents: documents.filter(({ writable }) => writable),
    policies,
    unused: gathered.unused,
    isShared: isFromReadOnly(holders),
    config,
    problems,
  })
  // last, because a document reports a problem of an item once, and here nobody listens
  await reportNearPolicies(
    { documents, holders, policies, functionConfig, search },
    config,
    problems,
  )
  return { policies, targets }
}

/**
 * Whether a policy was read from a document that is only read, such as a file of `--policies`,
 * which several inputs can share.
 */
function isFromReadOnly(holders: readonly Resource[]): (policy: ImagePolicy) => boolean {
  const own = new Set(holders.filter(({ document }) => !document.writable).map(({ id }) => id))
  return ({ resource }) => own.has(resource)
}

import { FunctionError } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import type { PolicyUse } from '../policy/policy-use.ts'
import type { Problems } from '../problems.ts'
import { type Answer, askRegistry } from './ask-registry.ts'
import type { Resolution } from './resolution.ts'
import { statusChoice } from './status.ts'
import { askedOnce, type TagSource } from './tag-source.ts'

/**
 * Answers every policy that governs something: from the registry, or with what Flux itself chose
 * (`source: status`). The other policies are only checked. `openTagSource` is called only if a
 * registry has to be asked. All look-ups have ended when the promise resolves.
 */
export async function resolvePolicies(
  uses: readonly PolicyUse[],
  config: FunctionConfig,
  openTagSource: () => Promise<TagSource>,
  problems: Problems,
): Promise<ReadonlyMap<ImagePolicy, Resolution>> {
  const resolutions = new Map<ImagePolicy, Resolution>()
  const toAsk: PolicyUse[] = []
  for (const use of uses) {
    const { policy, governs } = use
    const isAnswered = config.source === 'status' || (policy.suspended && governs)
    if (!isAnswered) toAsk.push(use)
    else if (governs) {
      const resolution = resolveByStatus(policy, config, problems)
      if (resolution !== undefined) resolutions.set(policy, resolution)
    }
  }

  const source = toAsk.some(({ governs }) => governs)
    ? await problems.attemptAsync(async () => askedOnce(await openTagSource()))
    : undefined
  const answers = await Promise.allSettled(toAsk.map(use => answerTo(use, config, source)))
  for (const [index, answer] of answers.entries()) {
    const { policy } = toAsk[index] as PolicyUse
    if (answer.status === 'rejected') report(answer.reason, policy, config, problems)
    else if (answer.value !== undefined) {
      resolutions.set(policy, answer.value.resolution)
      for (const { problem, field } of answer.value.warnings)
        problems.warn(problem, policyPlace(policy, field))
    }
  }
  return resolutions
}

/** What Flux chose; undefined, with a notice, if the policy has no usable status. */
function resolveByStatus(
  policy: ImagePolicy,
  { digests }: FunctionConfig,
  problems: Problems,
): Resolution | undefined {
  const choice = statusChoice(policy)
  if (typeof choice !== 'string') {
    if (digests === 'always' && choice.digest === undefined) {
      problems.warn(
        'has no digest in `status.latestRef`, so `digests: always` can add none; ask the registry with `source: registry`',
        policyPlace(policy),
      )
    }
    return choice
  }
  if (policy.suspended) {
    problems.note('is suspended, so the manifests keep what they have', policyPlace(policy))
    return undefined
  }
  problems.warn(
    `${choice}, so nothing changes; let Flux choose again, or ask the registry with \`source: registry\``,
    policyPlace(policy),
  )
  return undefined
}

/**
 * Undefined for a policy that governs nothing, or without a source: then only the rule is checked.
 */
async function answerTo(
  use: PolicyUse,
  { digests }: FunctionConfig,
  source: TagSource | undefined,
): Promise<Answer | undefined> {
  if (use.governs && source !== undefined) return askRegistry(use, digests, source)
  const { asks } = use.policy
  if (asks.kind === 'tags') await asks.chooser()
  return undefined
}

function report(
  reason: unknown,
  policy: ImagePolicy,
  { onError }: FunctionConfig,
  problems: Problems,
): void {
  if (!(reason instanceof FunctionError)) throw reason
  const isOfRegistry = reason.code === 'REGISTRY_FAILED' || reason.code === 'REGISTRY_DENIED'
  if (onError === 'keep-current' && isOfRegistry) {
    problems.warn(
      `keeps its current image because of \`onError: keep-current\`: ${reason.message}`,
      policyPlace(policy),
    )
  } else if (!problems.errors.includes(reason)) {
    problems.fail(reason) // policies of one repository share one failure
  }
}

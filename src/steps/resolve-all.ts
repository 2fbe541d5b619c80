import type { FunctionError } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { newProblems, type Problems } from '../problems.ts'
import type { Resolution } from '../resolve/resolution.ts'
import { resolvePolicies } from '../resolve/resolve.ts'
import type { TagSource } from '../resolve/tag-source.ts'
import { policyUses } from '../targets/policy-uses.ts'
import type { Target } from '../targets/target.ts'

/**
 * The answers to all policies. A policy whose only targets are vetoed (`fluxcd.io/locked`) is asked
 * too, since people want to know what they hold back, but nothing depends on its answer: if there
 * is none, that is information. A rule that is wrong is an error all the same.
 */
export async function resolveAll(
  policies: readonly ImagePolicy[],
  targets: readonly Target[],
  config: FunctionConfig,
  openTagSource: () => Promise<TagSource>,
  problems: Problems,
): Promise<ReadonlyMap<ImagePolicy, Resolution>> {
  const uses = policyUses(policies, targets)
  const needed = new Set(
    targets.filter(({ veto }) => veto === undefined).map(({ policy }) => policy),
  )
  const [held, others] = [
    uses.filter(({ policy, governs }) => governs && !needed.has(policy)),
    uses.filter(({ policy, governs }) => !governs || needed.has(policy)),
  ]
  const answers = await resolvePolicies(others, config, openTagSource, problems)
  if (held.length === 0) return answers
  const asides = newProblems(problems)
  const more = await resolvePolicies(held, config, openTagSource, asides)
  const { errors, notices } = asides
  const isWrong = ({ code }: FunctionError) => code === 'BAD_FIELD'
  for (const error of errors.filter(isWrong)) problems.fail(error)
  const unanswered = errors.filter(error => !isWrong(error))
  for (const { problem, place } of [...unanswered, ...notices]) problems.inform(problem, place)
  return new Map([...answers, ...more])
}

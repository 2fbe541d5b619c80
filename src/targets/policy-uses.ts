import type { ImagePolicy } from '../policy/image-policy.ts'
import type { PolicyUse } from '../policy/policy-use.ts'
import type { Target } from './target.ts'

/** What the targets of each policy need of its answer. */
export function policyUses(
  policies: readonly ImagePolicy[],
  targets: readonly Target[],
): readonly PolicyUse[] {
  const policiesOf = (some: readonly Target[]) => new Set(some.map(({ policy }) => policy))
  const governing = policiesOf(targets)
  const pinned = policiesOf(targets.filter(target => target.pinned))
  const marked = policiesOf(targets.filter(({ asFlux }) => asFlux))
  return policies.map(policy => ({
    policy,
    governs: governing.has(policy),
    replacesDigest: pinned.has(policy),
    fillsMarker: marked.has(policy),
  }))
}

import type { ImagePolicy } from '../policy/image-policy.ts'
import type { PolicyUse } from '../policy/policy-use.ts'
import { carriesDigest, type Target } from './target.ts'

/** How the targets use each policy. */
export function usesOf(
  policies: readonly ImagePolicy[],
  targets: readonly Target[],
): readonly PolicyUse[] {
  const policiesOf = (some: readonly Target[]) => new Set(some.map(({ policy }) => policy))
  const governing = policiesOf(targets)
  const pinned = policiesOf(targets.filter(carriesDigest))
  const marked = policiesOf(targets.filter(({ by }) => by === 'marker'))
  return policies.map(policy => ({
    policy,
    governs: governing.has(policy),
    replacesDigest: pinned.has(policy),
    fillsMarker: marked.has(policy),
  }))
}

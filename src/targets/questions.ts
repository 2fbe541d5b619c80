import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Question } from '../policy/question.ts'
import { carriesDigest, type Target } from './target.ts'

/** One question for each policy. */
export function questionsOf(
  policies: readonly ImagePolicy[],
  targets: readonly Target[],
): readonly Question[] {
  const policiesOf = (some: readonly Target[]) => new Set(some.map(({ policy }) => policy))
  const governing = policiesOf(targets)
  const pinned = policiesOf(targets.filter(carriesDigest))
  const marked = policiesOf(targets.filter(({ by }) => by === 'marker'))
  return policies.map(policy => ({
    policy,
    governs: governing.has(policy),
    pinned: pinned.has(policy),
    marked: marked.has(policy),
  }))
}

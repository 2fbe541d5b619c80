import type { ImagePolicy } from './image-policy.ts'

/** A policy, and what its targets need of the answer. */
export interface PolicyUse {
  readonly policy: ImagePolicy
  /**
   * Whether there is any target. If not, nobody needs the answer, and the policy is only checked.
   */
  readonly governs: boolean
  /**
   * Whether a target carries a digest, so that it needs the new one even if the policy asks for
   * none.
   */
  readonly replacesDigest: boolean
  /**
   * Whether a target is a marker, which gets a digest if the policy asks for one, even with
   * `digests: never`.
   */
  readonly fillsMarker: boolean
}

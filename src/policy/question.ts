import type { ImagePolicy } from './image-policy.ts'

/** A policy, and what the fields that wait for its answer need of it. */
export interface Question {
  readonly policy: ImagePolicy
  /** False: no field waits for the answer, the policy is only checked. */
  readonly governs: boolean
  /** A field carries a digest, so it needs the new one whatever the policy says. */
  readonly pinned: boolean
  /** A marker waits for the answer: it gets the digest as the policy says, whatever `digests` says. */
  readonly marked: boolean
}

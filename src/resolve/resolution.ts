import type { ImagePolicy } from '../policy/image-policy.ts'

/** The answer to a policy: which image may run, and why. */
export interface Resolution {
  readonly policy: ImagePolicy
  /** As the policy's YAML spells the repository: what markers write. */
  readonly image: string
  /** Absent only for a pinned digest. */
  readonly tag?: string
  readonly digest?: string
  readonly source: 'registry' | 'lock' | 'status'
  /** How many tags the repository has, if it was asked. */
  readonly listed?: number
  /** How many of them passed the filter. */
  readonly passed?: number
  /** The build number, if the policy knows one. */
  readonly build?: string
  /**
   * Whether the policy prefers another tag to the chosen one, its limits aside: then the move is a
   * downgrade.
   */
  isBelow?(tag: string): boolean
  /** Why this tag, for reports: `the highest version in ">=1.2.3 <2.0.0"`. */
  readonly reason: string
}

import type { Document } from '../krm/document.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { UnusedPolicy } from '../policy/use-policies.ts'
import type { Problems } from '../problems.ts'
import type { Claims } from './claims.ts'
import type { Target } from './target.ts'

/**
 * Finds the targets of one kind of place. It sees every resource that mentions one of its texts,
 * then returns what it found: some things are known only after the last resource, such as which
 * policies have markers.
 */
export interface TargetFinder {
  /**
   * Texts of which every item that holds such a target has at least one: other items are never
   * parsed.
   */
  readonly mentions: readonly string[]
  look(resource: Resource, claims: Claims): void
  finish(claims: Claims): Found
}

export interface Found {
  readonly targets: readonly Target[]
  /**
   * The policies that govern nothing here only because what they would govern is left alone, or is
   * named explicitly.
   */
  readonly excused?: Iterable<ImagePolicy>
  /** The canonical repositories that were seen, for hints. */
  readonly repositories?: Iterable<string>
}

/** What a finder is made of. */
export interface Search {
  /** The documents that are searched. */
  readonly documents: readonly Document[]
  readonly policies: readonly ImagePolicy[]
  /** Policies that take no part: what names one of them is left alone. */
  readonly unused: readonly UnusedPolicy[]
  /**
   * Whether a policy is from a document that several inputs can share: then it may well govern
   * nothing here.
   */
  isShared(policy: ImagePolicy): boolean
  readonly config: FunctionConfig
  readonly problems: Problems
}

export type NewTargetFinder = (search: Search) => TargetFinder

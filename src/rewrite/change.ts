import type { FieldPath } from '../field-path.ts'
import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'

/**
 * What happens to one field, and why: byte edits, patches of live objects and reports are all made
 * from changes.
 */
export interface Change {
  /** A field that a policy governs, or an annotation that records what was chosen. */
  readonly kind: 'image' | 'annotation'
  readonly resource: Resource
  /** Fields that are alike share one path: never changed, compared by identity. */
  readonly path: FieldPath
  /** Where its value begins in the document, in bytes; absent for an annotation. */
  readonly offset?: number
  /** Undefined: the field is added. */
  readonly before: string | undefined
  /** Undefined: the field is removed. */
  readonly after: string | undefined
  readonly policy: ImagePolicy
  readonly reason: string
  /** Whether the policy itself prefers the old tag to the new one. */
  readonly isDowngrade?: boolean
}

/** A field that is removed because the functionConfig asks for it, not a policy. */
export interface Removal {
  readonly resource: Resource
  readonly path: readonly string[]
}

import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { FieldPath } from '../targets/target.ts'
import type { ScalarNode } from '../yaml/node.ts'

/** What becomes of one field, and why: the one result of the core. Edits, mutations, patches and reports are made of changes. */
export interface Change {
  readonly resource: Resource
  readonly path: FieldPath
  /** The scalar that is rewritten; absent for an annotation, which may not be there yet. */
  readonly node?: ScalarNode
  /** Undefined: the field is not there yet. */
  readonly before: string | undefined
  /** Undefined: the field goes. */
  readonly after: string | undefined
  readonly policy: ImagePolicy
  readonly reason: string
}

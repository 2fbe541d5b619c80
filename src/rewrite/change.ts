import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { MappingNode, ScalarNode } from '../yaml/tree/node.ts'

/** What becomes of one field, and why: the one result of the core. Edits, mutations, patches and reports are made of changes. */
export interface Change {
  readonly resource: Resource
  /** Its path, `spec.template.spec.containers[0].image`: one string for all such fields. */
  readonly field: string
  /** The scalar that is rewritten, or the mapping that gets or loses an entry: below the resource's root, or below `root`. */
  readonly at:
    | ScalarNode
    | {
        readonly kind: 'entry'
        readonly root?: MappingNode
        readonly path: readonly string[]
        readonly key: string
      }
  /** Undefined: the field is not there yet. */
  readonly before: string | undefined
  /** Undefined: the field goes. */
  readonly after: string | undefined
  readonly policy: ImagePolicy
  readonly reason: string
}

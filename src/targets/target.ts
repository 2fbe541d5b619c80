import type { FieldPath } from '../field-path.ts'
import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { AliasNode, ScalarNode } from '../yaml/tree/node.ts'
import type { Workload } from './workload.ts'

/** A field that a policy governs. */
export interface Target {
  readonly resource: Resource
  readonly path: FieldPath
  /** Where it is in its document, in bytes: changes are reported in this order. */
  readonly offset: number
  /** Which part of an image reference the field holds. */
  readonly part: ImagePart
  /** Its text; undefined if the field is absent. */
  readonly current: string | undefined
  /**
   * Whether YAML reads the text as something else than a string, so that it is written again in any
   * case.
   */
  readonly isMisread?: boolean
  readonly policy: ImagePolicy
  /** Whether the field is absent while it has no value, so that it can be added and removed. */
  readonly optional?: boolean
  /** Whether it carries a digest, and so gets the new one whatever the policy asks for. */
  readonly pinned: boolean
  /**
   * Whether Flux's own rule decides what is written (a marker), and not the settings of the
   * functionConfig.
   */
  readonly asFlux?: boolean
  /** Of a digest in a field of its own: the tag beside it. */
  readonly besideTag?: string
  /** The object whose annotations record the tag, if it is not the resource itself. */
  readonly workload?: Workload
  /**
   * The container whose image it is: its tag is recorded. Without one, only an annotation that is
   * already there is updated.
   */
  readonly container?: string
  /** Why the field must stay as it is although it is governed; only reported if it would change. */
  readonly veto?: string
  /** The scalar, and the aliases on the way to it; absent if the document has no alias at all. */
  readonly shared?: { readonly node: ScalarNode; readonly aliases: readonly AliasNode[] }
}

export type ImagePart = 'image' | 'tag' | 'name' | 'digest' | 'tag@digest'

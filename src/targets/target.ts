import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { AliasNode, MappingNode, ScalarNode } from '../yaml/tree/node.ts'

/** A field that a policy governs. */
export interface Target {
  readonly resource: Resource
  /** Such as `['spec', 'containers', 0, 'image']`. */
  readonly path: FieldPath
  /** The scalar that stands there. */
  readonly node: ScalarNode | undefined
  /** The mapping in which the field can be set and removed, where it may be absent. */
  readonly entry?: MappingNode
  /** The aliases on the way there: with any of them the scalar stands elsewhere. Absent where the document has no alias at all. */
  readonly aliases?: readonly AliasNode[]
  /** The text that stands there now; undefined where the field is not there. */
  readonly current: string | undefined
  /** What of an image reference stands there. */
  readonly part: ImagePart
  /** Of a digest that stands apart: the tag beside it. */
  readonly besideTag?: string
  readonly policy: ImagePolicy
  /** How the policy came to govern it; only what was matched by `repository` gets annotations. */
  readonly by: 'repository' | 'marker' | 'images' | 'field'
}

export type ImagePart = 'image' | 'tag' | 'name' | 'digest'

export type FieldPath = readonly (string | number)[]

/** `spec.template.spec.containers[0].image`; a key with other characters stands in brackets: `metadata.annotations[fluxcd.io/tag.web]`. */
export function formatPath(path: FieldPath): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number' || !/^[\w$-]+$/.test(part)) text += `[${part}]`
    else text += text === '' ? part : `.${part}`
  }
  return text
}

/** Whether the field holds a digest now: then it gets the new one, whatever the policy says. Markers follow the policy alone, as in Flux. */
export const carriesDigest = ({ current, part, by }: Target): boolean =>
  by !== 'marker' &&
  ((part === 'digest' && (by === 'field' || (current !== undefined && current !== ''))) ||
    (part === 'image' && current !== undefined && current.includes('@')))

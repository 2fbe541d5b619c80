import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { AliasNode, MappingNode, ScalarNode } from '../yaml/node.ts'

/** A field that a policy governs. */
export interface Target {
  readonly resource: Resource
  /** Such as `['spec', 'containers', 0, 'image']`. */
  readonly path: FieldPath
  /** The scalar that stands there. */
  readonly node: ScalarNode | undefined
  /** The mapping in which the field can be set and removed, where it may be absent. */
  readonly entry?: MappingNode
  /** Where an alias stands there: `node` is then its anchor. */
  readonly alias?: AliasNode
  /** The text that stands there now; undefined where the field is not there. */
  readonly current: string | undefined
  /** What of an image reference stands there. */
  readonly part: ImagePart
  readonly policy: ImagePolicy
  /** How the policy came to govern it; only what was matched by `repository` gets annotations. */
  readonly by: 'repository' | 'marker' | 'images' | 'field'
}

export type ImagePart = 'image' | 'tag' | 'name' | 'digest'

export type FieldPath = readonly (string | number)[]

/** `spec.template.spec.containers[0].image`; a key with other characters stands in brackets: `metadata.annotations[fluxcd.io/tag.web]`. */
export function formatPath(path: FieldPath): string {
  return path
    .map(part => (typeof part === 'number' ? `[${part}]` : /^[A-Za-z0-9_$-]+$/.test(part) ? `.${part}` : `[${part}]`))
    .join('')
    .replace(/^\./, '')
}

/** Whether the field holds a digest now: then it gets the new one, whatever the policy says. Markers follow the policy alone, as in Flux. */
export const carriesDigest = ({ current, part, by }: Target): boolean =>
  by !== 'marker' && current !== undefined && (part === 'digest' || (part === 'image' && current.includes('@')))

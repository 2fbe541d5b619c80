import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { ScalarNode } from '../yaml/node.ts'

/** A scalar that a policy governs. */
export interface Target {
  readonly resource: Resource
  /** Such as `['spec', 'containers', 0, 'image']`. */
  readonly path: FieldPath
  readonly node: ScalarNode
  /** The text that stands there now. */
  readonly current: string
  /** What of an image reference stands there. */
  readonly part: 'image' | 'tag' | 'name' | 'digest'
  readonly policy: ImagePolicy
  /** How the policy came to govern it; only what was matched by repository gets annotations. */
  readonly by: 'repository' | 'marker' | 'field'
}

export type FieldPath = readonly (string | number)[]

/** `spec.template.spec.containers[0].image`; a key with other characters stands in brackets: `metadata.annotations[fluxcd.io/tag.web]`. */
export function formatPath(path: FieldPath): string {
  return path
    .map(part => (typeof part === 'number' ? `[${part}]` : /^[A-Za-z0-9_$-]+$/.test(part) ? `.${part}` : `[${part}]`))
    .join('')
    .replace(/^\./, '')
}

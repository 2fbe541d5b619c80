import { formatImageReference, parseImageReference } from '../image/reference.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Target } from '../targets/target.ts'

/** The text that a target gets. The author's spelling of a container's repository is kept. */
export function rewritten({ current, part, by }: Target, resolution: Resolution, digests: FunctionConfig['digests']): string {
  if (by === 'marker') return markerText(part, resolution)
  const { tag, digest } = resolution
  if (part === 'name') return resolution.image
  if (part === 'tag') return tag ?? current
  if (part === 'digest') return digest ?? current
  const reference = parseImageReference(current)
  const repository = reference?.repository ?? resolution.image
  const wantsDigest =
    digests === 'always' ||
    resolution.policy.pin !== undefined ||
    (digests !== 'never' && (resolution.policy.digestReflectionPolicy !== 'Never' || reference?.digest !== undefined))
  return formatImageReference({ repository, ...(tag !== undefined && { tag }), ...(wantsDigest && digest !== undefined && { digest }) })
}

/** Exactly what Flux writes. Source: image-automation-controller, internal/policy, d36e2ea. */
function markerText(part: Target['part'], { image, tag = '', digest }: Resolution): string {
  if (part === 'tag') return tag
  if (part === 'name') return image
  if (part === 'digest') return digest ?? ''
  return `${image}${tag === '' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

import { formatImageReference, parseImageReference } from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Target } from '../targets/target.ts'

/**
 * The text that a target gets; undefined: it has none, or loses it. The author's spelling of a repository is kept, and what
 * carries a digest stays pinned, to the new one.
 */
export function rewritten({ current, part, by }: Target, resolution: Resolution, digests: FunctionConfig['digests']): string | undefined {
  if (by === 'marker') return markerText(part, resolution)
  const { policy, tag, image } = resolution
  const reference = part === 'image' && current !== undefined ? parseImageReference(current) : undefined
  const pinned = (part === 'digest' ? current : reference?.digest) !== undefined
  const wantsDigest =
    (policy.pin ?? policy.follow) !== undefined ||
    digests === 'always' ||
    (digests === 'policy' && (policy.digestReflectionPolicy !== 'Never' || pinned))
  // without a new digest, the old one still holds for the tag that it came with
  const digest = wantsDigest ? (resolution.digest ?? (reference?.tag === tag ? reference?.digest : undefined)) : undefined
  if (part === 'name') return image
  if (part === 'tag') return tag ?? current
  if (part === 'digest') return digest
  const repository =
    reference !== undefined && (by === 'repository' || sameRepository(reference.repository, policy)) ? reference.repository : image
  return formatImageReference({ repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) })
}

const sameRepository = (repository: string, policy: Resolution['policy']) => canonicalRepository(repository) === policy.repository

/** Exactly what Flux writes. Source: fluxcd/image-automation-controller, internal/policy, d36e2ea. */
function markerText(part: Target['part'], { image, tag = '', digest }: Resolution): string {
  if (part === 'tag') return tag
  if (part === 'name') return image
  if (part === 'digest') return digest ?? ''
  return `${image}${tag === '' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

import { formatImageReference, parseImageReference } from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { reflectsDigest } from '../policy/image-policy.ts'
import type { Resolution } from '../resolve/resolution.ts'
import { carriesDigest, type Target } from '../targets/target.ts'

/**
 * The text that a target gets; undefined: it has none, or loses it. The author's spelling of a repository is kept, and what
 * carries a digest stays pinned, to the new one.
 */
export function rewritten(
  target: Target,
  resolution: Resolution,
  digests: FunctionConfig['digests'],
): string | undefined {
  const { current = '', part, by, besideTag } = target
  if (by === 'marker') return markerText(part, resolution)
  const { policy, tag, image } = resolution
  const reference = part === 'image' || part === 'name' ? parseImageReference(current) : undefined
  const repository =
    reference !== undefined && canonicalRepository(reference.repository) === policy.repository
      ? reference.repository
      : image
  if (part === 'name') return repository
  if (part === 'tag') return tag ?? target.current
  const wantsDigest =
    policy.asks.kind !== 'tags' ||
    digests === 'always' ||
    (digests === 'policy' && (reflectsDigest(policy) || carriesDigest(target)))
  // without a new digest, the old one still holds for the tag that it came with
  const old = part === 'digest' ? { tag: besideTag, digest: target.current } : reference
  const digest = wantsDigest
    ? (resolution.digest ?? (old?.tag === tag ? old?.digest : undefined))
    : undefined
  if (part === 'digest') return digest
  return formatImageReference({
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  })
}

/** Exactly what Flux writes. Source: fluxcd/image-automation-controller, internal/policy, d36e2ea. */
function markerText(
  part: Target['part'],
  { image, tag = '', digest: known, policy, source }: Resolution,
): string {
  // a digest may be known only because another field of this policy is pinned
  const reflects = source !== 'registry' || reflectsDigest(policy)
  const digest = reflects ? known : undefined
  if (part === 'tag') return tag
  if (part === 'name') return image
  if (part === 'digest') return digest ?? ''
  return formatImageReference({
    repository: image,
    ...(tag !== '' && { tag }),
    ...(digest !== undefined && { digest }),
  })
}

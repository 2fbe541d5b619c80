import {
  formatImageReference,
  type ImageReference,
  parseImageReference,
} from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { reflectsDigest } from '../policy/image-policy.ts'
import type { Resolution } from '../resolve/resolution.ts'
import { tagWithDigest } from '../targets/replaceable.ts'
import type { ImagePart, Target } from '../targets/target.ts'

/**
 * The text that a target gets; undefined: it has none, or loses it. The author's spelling of a
 * repository is kept, and what carries a digest stays pinned, to the new one.
 */
export function rewritten(
  target: Target,
  resolution: Resolution,
  digests: FunctionConfig['digests'],
): string | undefined {
  const { current = '', part } = target
  if (target.asFlux) return markerText(part, resolution)
  const { tag } = resolution
  if (part === 'tag') return tag ?? target.current
  const reference = parseImageReference(current)
  const repository = repositoryFor(reference, resolution)
  if (part === 'name') return repository
  const digest = digestFor(target, reference, resolution, digests)
  if (part === 'digest') return digest
  if (part === 'tag@digest') return formatTag(tag ?? tagWithDigest(current)?.tag, digest)
  return formatImageReference({
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  })
}

/** As the author spells it, if it is the policy's. */
function repositoryFor(
  reference: ImageReference | undefined,
  { policy, image }: Resolution,
): string {
  const isOwn =
    reference !== undefined && canonicalRepository(reference.repository) === policy.repository
  return isOwn ? reference.repository : image
}

function digestFor(
  target: Target,
  reference: ImageReference | undefined,
  { policy, tag, digest }: Resolution,
  digests: FunctionConfig['digests'],
): string | undefined {
  const isWanted =
    policy.asks.kind !== 'tags' ||
    digests === 'always' ||
    (digests === 'policy' && (reflectsDigest(policy) || target.pinned))
  if (!isWanted || digest !== undefined) return isWanted ? digest : undefined
  // without a new digest, the old one is still right for the tag that it came with
  const old = oldDigest(target, reference)
  return old?.tag === tag ? old?.digest : undefined
}

function oldDigest(
  { part, current = '', besideTag }: Target,
  reference: ImageReference | undefined,
) {
  if (part === 'digest') return { tag: besideTag, digest: current === '' ? undefined : current }
  return part === 'tag@digest' ? tagWithDigest(current) : reference
}

const formatTag = (tag: string | undefined, digest: string | undefined) =>
  digest === undefined ? tag : `${tag ?? ''}@${digest}`

/**
 * Exactly what Flux writes. Source: fluxcd/image-automation-controller, internal/policy, d36e2ea.
 */
function markerText(
  part: ImagePart,
  { image, tag = '', digest, policy, source }: Resolution,
): string {
  // a digest may be known only because another target of this policy is pinned
  const reflected = source !== 'registry' || reflectsDigest(policy) ? digest : undefined
  if (part === 'tag') return tag
  if (part === 'name') return image
  if (part === 'digest') return reflected ?? ''
  return formatImageReference({
    repository: image,
    ...(tag !== '' && { tag }),
    ...(reflected !== undefined && { digest: reflected }),
  })
}

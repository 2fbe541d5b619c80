import { formatPath } from '../../field-path.ts'
import { imageNameOf } from '../../image/repository.ts'
import type { Document } from '../../krm/document.ts'
import type { FunctionConfig } from '../../krm/function-config.ts'
import { placeOf, type Resource } from '../../krm/resource.ts'
import { isInSecret } from '../../krm/secret.ts'
import type { Place } from '../../place.ts'
import { type ImagePolicy, reflectsDigest } from '../../policy/image-policy.ts'
import type { Claims } from '../claims.ts'
import { findValuesImages, valuesHolders } from '../helm-values.ts'
import { isReplaceable, tagWithDigest } from '../replaceable.ts'
import { repositoryMatcher } from '../repository-matcher.ts'
import type { ImagePart, Target } from '../target.ts'
import type { NewTargetFinder } from '../target-finder.ts'
import type { ValuesImage, ValuesScalar } from '../values-image.ts'
import { vetoOf } from '../veto.ts'

/**
 * Images in Helm values whose repository is that of a policy without markers. A key is never added,
 * since a chart may not know it; a digest is removed as from `images` of a kustomization. An image
 * moves only if no marker and no configured field claims a part of it.
 */
export const values: NewTargetFinder = search => {
  const { documents, policies, config, problems } = search
  const { values: isOn, valuesFiles } = config.targets
  const matcher = repositoryMatcher(search)
  const images: ValuesImage[] = []
  const left: { readonly policy: ImagePolicy; readonly place: Place; readonly problem: string }[] =
    []

  const mentions = () => [
    ...matcher.mentions,
    ...(isOn && documents.some(splitsPaths) ? valuesHolders : []),
    ...(valuesFiles ? matcher.mentions.map(imageNameOf) : []),
  ]
  const take = (image: ValuesImage, policy: ImagePolicy): readonly Target[] => {
    const { resource, path, problem } = image
    const place = placeOf(resource, formatPath(path))
    if (problem !== undefined) {
      matcher.excuse(policy)
      left.push({ policy, place, problem: `is left alone: ${problem}` })
      return []
    }
    const targets = targetsOf(image, policy)
    const odd = scalarsOf(image).find(([{ text }, part]) => !isReplaceable(text, part))
    if (odd !== undefined) {
      const [scalar, part] = odd
      matcher.excuse(policy)
      const what = part === 'image' ? 'an image' : `a ${part}`
      const own = placeOf(resource, formatPath(scalar.path))
      problems.warn(`is left alone: "${scalar.text}" is not ${what}`, own)
      return []
    }
    if (vetoOf(resource) === undefined && lacksDigest(image, policy, config)) {
      const problem =
        'has no `digest`, so the digest that its policy chooses is not written: add `digest: ""` if the chart knows it, or write <tag>@<digest> as the tag'
      problems.warn(problem, place)
    }
    return targets
  }

  return {
    mentions: (isOn || valuesFiles) && policies.length > 0 ? [...new Set(mentions())] : [],
    look(resource, claims) {
      if (!(resource.id.kind === '' ? valuesFiles : isOn && holdsValues(resource))) return
      if (claims.markedPolicies.size === policies.length) return
      for (const image of problems.attempt(() => findValuesImages(resource)) ?? [])
        if (matcher.mayGovern(image.spelled) && !isInSecret(resource, image.path))
          images.push(image)
    },
    finish(claims) {
      const targets = images.flatMap(image => {
        const policy = claimAll(image, claims) ? matcher.policyOf(image, claims) : undefined
        return policy === undefined ? [] : take(image, policy)
      })
      const busy = new Set(targets.map(({ policy }) => policy))
      for (const { policy, place, problem } of left)
        if (busy.has(policy)) problems.inform(problem, place)
        else problems.note(problem, place) // a run must not end without a word
      return { targets, ...matcher.found }
    },
  }
}

const holdsValues = ({ id }: Resource) => id.kind === 'HelmRelease' || id.kind === 'Application'

/**
 * Whether an item with values may split a repository inside its path, as `registry: ghcr.io/acme`
 * and `repository: web`: then no text names the repository, and every item with values must be
 * read.
 */
function splitsPaths({ bytes, items, find }: Document): boolean {
  return valuesHolders.some(text => {
    let last = -1
    return find(text).some(at => {
      const index = items.holding(at, at + 1, Math.max(last, 0))
      if (index === -1 || index === last) return false
      last = index
      const { start, end } = items.at(index)
      return hasRegistryWithPath(bytes.toString('latin1', start, end))
    })
  })
}

/** Whether there is `registry: ghcr.io/acme`, or a parameter whose name ends so. */
function hasRegistryWithPath(text: string): boolean {
  for (let at = text.indexOf(registryKey); at !== -1; at = text.indexOf(registryKey, at + 1)) {
    const after = text.slice(at + registryKey.length, at + registryKey.length + 300)
    if (pathAfterKey.test(after) || (text[at - 1] === '.' && /^["']?[\s,}]/.test(after)))
      return true
  }
  return false
}

const registryKey = 'registry'
const pathAfterKey = /^["']?[ \t]*:[ \t]*["']?[^\s"',}/]+\/[^\s"',}]/

/** The scalars that may be edited, and the part of an image reference that each holds. */
function scalarsOf({
  image,
  tag,
  digest,
}: ValuesImage): readonly (readonly [ValuesScalar, ImagePart])[] {
  const isBoth = tag !== undefined && tagWithDigest(tag.text) !== undefined
  return [
    ...(image ? [[image, 'image'] as const] : []),
    ...(tag ? [[tag, isBoth ? 'tag@digest' : 'tag'] as const] : []),
    ...(digest ? [[digest, 'digest'] as const] : []),
  ]
}

/**
 * Claims all scalars of an image, unless one of them has a marker, or belongs to another finder.
 */
function claimAll(image: ValuesImage, claims: Claims): boolean {
  const { document } = image.resource
  const { named } = image
  if (named.some(({ node }) => claims.isMarked(document, node.start))) return false
  return scalarsOf(image)
    .map(([{ node, aliases }]) => claims.claim(document, node.start, aliases))
    .every(isFree => isFree)
}

function targetsOf(image: ValuesImage, policy: ImagePolicy): readonly Target[] {
  const { resource, tag, mayBeShared } = image
  const veto = vetoOf(resource)
  return scalarsOf(image).map(([scalar, part]): Target => {
    const { path, node, aliases, text } = scalar
    const [alias] = aliases
    const isPinned = part === 'tag@digest' || (part === 'digest' ? text !== '' : text.includes('@'))
    return {
      resource,
      path,
      offset: alias?.start ?? node.start,
      part,
      current: text,
      isMisread: scalar.isMisread && part === 'tag',
      policy,
      pinned: isPinned,
      optional: part === 'digest' && text !== '' && scalar.isRemovable,
      ...(part === 'digest' && tag && { besideTag: tag.text }),
      ...(veto !== undefined && { veto }),
      ...(mayBeShared && { shared: { node, aliases } }),
    }
  })
}

/** Whether its policy chooses a digest that has no place to be written to. */
function lacksDigest(
  { image, tag, digest }: ValuesImage,
  policy: ImagePolicy,
  { digests }: FunctionConfig,
): boolean {
  if (image !== undefined || digest !== undefined) return false
  if (tag !== undefined && tagWithDigest(tag.text) !== undefined) return false
  if (policy.asks.kind !== 'tags') return true
  return digests === 'always' || (digests === 'policy' && reflectsDigest(policy))
}

import { type FieldPath, formatPath } from '../../field-path.ts'
import { canonicalRepository, imageNameOf } from '../../image/repository.ts'
import type { Document } from '../../krm/document.ts'
import { placeOf, type Resource } from '../../krm/resource.ts'
import { formatPlace } from '../../place.ts'
import type { ImagePolicy } from '../../policy/image-policy.ts'
import type { AliasNode, MappingNode, ScalarNode } from '../../yaml/tree/node.ts'
import { entryOf, nodeAt, textOf } from '../../yaml/tree/value.ts'
import { isReplaceable, tagWithDigest } from '../replaceable.ts'
import { repositoryMatcher } from '../repository-matcher.ts'
import type { Target } from '../target.ts'
import type { NewTargetFinder } from '../target-finder.ts'
import { vetoOf } from '../veto.ts'

/**
 * An entry of `images` of a kustomization, which sets the tag and digest of the images of a name.
 */
interface ImagesEntry {
  readonly resource: Resource
  readonly path: FieldPath
  /** Where the entry is in its document. */
  readonly offset: number
  /** The name of the images that the entry covers: kustomize compares it as it is spelled. */
  readonly covers: string
  /** What runs: `newName`, or `name`. */
  readonly spelled: string
  /** The same, canonical. */
  readonly repository: string
  readonly newTag: Value | undefined
  readonly digest: Value | undefined
  readonly hasAliases: boolean
}

/** A scalar of an entry. */
interface Value {
  readonly text: string
  readonly node: ScalarNode
  readonly alias: AliasNode | undefined
}

/**
 * `newTag` and `digest` in the `images` of kustomizations; a key that is absent can be set. A
 * binding names the image (`fluxcd.io/policy.web` for `ghcr.io/acme/web`), else as for other
 * fields.
 */
export const kustomizeImages: NewTargetFinder = search => {
  const { documents, config, problems } = search
  const isOn = config.targets.kustomizeImages
  const matcher = repositoryMatcher(search)
  const entries: ImagesEntry[] = []
  return {
    mentions: isOn ? matcher.mentions : [],
    look(resource) {
      if (!isOn) return
      for (const entry of findEntries(resource))
        if (matcher.mayGovern(entry.spelled)) entries.push(entry)
    },
    finish(claims) {
      const targets: Target[] = []
      const take = (target: Target) => {
        const { document } = target.resource
        const isFree =
          target.current === undefined ||
          claims.claim(document, target.offset, target.shared?.aliases)
        if (isFree) targets.push(target)
      }
      for (const entry of entries) {
        const name = imageNameOf(entry.repository)
        const policy = matcher.policyOf({ ...entry, name }, claims)
        if (policy === undefined) continue
        const place = placeOf(entry.resource, formatPath(entry.path))
        if (!setsTag(entry) && !documents.some(document => renamesImageIn(document, entry))) {
          problems.inform('sets no tag, and renames no image that would otherwise stay', place)
          matcher.excuse(policy)
          continue
        }
        claims.cover(entry.covers, formatPlace(place))
        const tag = tagTarget(entry, policy)
        // a `newTag` with a digest needs no second one: kustomize would write both
        const isWhole = tag.part === 'tag@digest' && entry.digest === undefined
        const both = isWhole ? [tag] : [tag, digestTarget(entry, policy)]
        const odd = both.find(({ current = '', part }) => !isReplaceable(current, part))
        if (odd === undefined) both.forEach(take)
        else {
          problems.warn(`is left alone: "${odd.current}" is not a ${odd.part}`, place)
          matcher.excuse(policy)
        }
      }
      return { targets, ...matcher.found }
    },
  }
}

const setsTag = ({ newTag, digest }: ImagesEntry) => newTag !== undefined || digest !== undefined

/**
 * Whether an image of the document gets the governed repository only by the entry, so that nothing
 * but the entry can set its tag. An image that has the repository already is governed by itself.
 */
function renamesImageIn(document: Document, { covers, repository }: ImagesEntry): boolean {
  if (canonicalRepository(covers) === repository) return false
  const { bytes } = document
  return document.find(covers).some(at => {
    const end = at + covers.length
    return (
      imageKey.test(bytes.toString('latin1', Math.max(0, at - longestKey), at)) &&
      nameEnd.test(bytes.toString('latin1', end, end + 1))
    )
  })
}

/** The key of an image of a container or of a volume, with its anchor and quote, if any. */
const imageKey = /\b(?:image|reference)["']?\s*:\s*(?:&\w+\s+)?["']?$/
const longestKey = 80
const nameEnd = /^(?:[:@"'\s,}]|$)/

function tagTarget(entry: ImagesEntry, policy: ImagePolicy): Target {
  const target = targetOf(entry, 'newTag', 'tag', policy)
  const isBoth = tagWithDigest(target.current ?? '') !== undefined
  return isBoth ? { ...target, part: 'tag@digest', pinned: true } : target
}

function digestTarget(entry: ImagesEntry, policy: ImagePolicy): Target {
  const target = targetOf(entry, 'digest', 'digest', policy)
  const tag = entry.newTag?.text
  const pinned = target.current !== undefined && target.current !== ''
  return { ...target, pinned, ...(tag !== undefined && { besideTag: tag }) }
}

function targetOf(
  entry: ImagesEntry,
  key: 'newTag' | 'digest',
  part: 'tag' | 'digest',
  policy: ImagePolicy,
): Target {
  const { resource, path, offset, hasAliases } = entry
  const value = entry[key]
  const veto = vetoOf(resource)
  return {
    resource,
    path: [...path, key],
    offset: value?.node.start ?? offset,
    part,
    current: value?.text,
    policy,
    optional: true,
    pinned: false,
    ...(veto !== undefined && { veto }),
    ...(hasAliases &&
      value && { shared: { node: value.node, aliases: value.alias ? [value.alias] : [] } }),
  }
}

/**
 * Where a kustomization has its `images`: a `kustomization.yaml` at the top, a Flux Kustomization
 * in its spec.
 */
function imagesPath({ id: { apiVersion, kind } }: Resource): readonly string[] | undefined {
  if (kind !== 'Kustomization' && kind !== 'Component') return undefined
  if (apiVersion.startsWith('kustomize.config.k8s.io/')) return ['images']
  return apiVersion.startsWith('kustomize.toolkit.fluxcd.io/') ? ['spec', 'images'] : undefined
}

function findEntries(resource: Resource): readonly ImagesEntry[] {
  const path = imagesPath(resource)
  if (path === undefined) return []
  const { tree, root } = resource.open()
  const images = nodeAt(tree, root, path)
  if (images?.kind !== 'sequence') return []
  return images.items.flatMap((item, index): readonly ImagesEntry[] => {
    if (item.kind !== 'mapping') return []
    const value = (key: string) => scalarAt(resource, item, key)
    const name = value('name')?.text
    if (!name) return []
    const spelled = value('newName')?.text || name
    return [
      {
        resource,
        path: [...path, index],
        offset: item.start,
        covers: name,
        spelled,
        repository: canonicalRepository(spelled),
        newTag: value('newTag'),
        digest: value('digest'),
        hasAliases: tree.aliases.length > 0,
      },
    ]
  })
}

function scalarAt(resource: Resource, entry: MappingNode, key: string): Value | undefined {
  const { tree } = resource.open()
  const value = entryOf(tree, entry, key)?.value
  const node = value?.kind === 'alias' ? value.to : value
  if (node?.kind !== 'scalar') return undefined
  return { text: textOf(tree, node), node, alias: value?.kind === 'alias' ? value : undefined }
}

import { type FieldPath, formatPath } from '../../field-path.ts'
import { canonicalRepository, repositoryMention } from '../../image/repository.ts'
import type { Document } from '../../krm/document.ts'
import { placeOf, type Resource } from '../../krm/resource.ts'
import { formatPlace } from '../../place.ts'
import type { ImagePolicy } from '../../policy/image-policy.ts'
import type { AliasNode, MappingNode, ScalarNode } from '../../yaml/tree/node.ts'
import { entryOf, nodeAt, textOf } from '../../yaml/tree/value.ts'
import { governingPolicy } from '../govern.ts'
import { isReplaceable, tagWithDigest } from '../replaceable.ts'
import type { Target } from '../target.ts'
import type { NewTargetFinder } from '../target-finder.ts'
import { outermost } from '../workload.ts'

/** An entry of `images` of a kustomization, which sets the tag and digest of the images of a name. */
interface ImagesEntry {
  readonly resource: Resource
  readonly path: FieldPath
  /** Where the entry is in its document. */
  readonly offset: number
  /** The name of the images that the entry covers: kustomize compares it as it is spelled. */
  readonly covers: string
  /** What runs, canonical: `newName`, or `name`. */
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

/** `newTag` and `digest` in the `images` of kustomizations; a key that is absent can be set. */
export const kustomizeImages: NewTargetFinder = ({ documents, policies, config, problems }) => {
  const isOn = config.targets.kustomizeImages
  const entries: ImagesEntry[] = []
  return {
    mentions: isOn
      ? policies.flatMap(({ repository }) =>
          repository === '' ? [] : repositoryMention(repository),
        )
      : [],
    look(resource) {
      if (isOn) for (const entry of findEntries(resource)) entries.push(entry)
    },
    finish(claims) {
      const targets: Target[] = []
      const excused = new Set<ImagePolicy>()
      const take = (target: Target) => {
        const { document } = target.resource
        const isFree =
          target.current === undefined ||
          claims.claim(document, target.offset, target.shared?.aliases)
        if (isFree) targets.push(target)
      }
      const byRepository = new Map<string, ImagePolicy[]>()
      for (const policy of policies) {
        const others = byRepository.get(policy.repository)
        if (others === undefined) byRepository.set(policy.repository, [policy])
        else others.push(policy)
      }
      for (const entry of entries) {
        const named = byRepository.get(entry.repository) ?? []
        const candidates = named.filter(policy => !claims.markedPolicies.has(policy))
        const policy = problems.attempt(() =>
          governingPolicy(
            candidates,
            outermost(entry.resource),
            entry.repository,
            entry.path,
            problems.work,
          ),
        )
        if (policy === undefined) continue
        const place = placeOf(entry.resource, formatPath(entry.path))
        if (!setsTag(entry) && !documents.some(document => renamesImageIn(document, entry))) {
          problems.inform('sets no tag, and renames no image that would otherwise stay', place)
          excused.add(policy)
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
          excused.add(policy)
        }
      }
      return { targets, excused, repositories: entries.map(({ repository }) => repository) }
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
  return {
    resource,
    path: [...path, key],
    offset: value?.node.start ?? offset,
    part,
    current: value?.text,
    policy,
    optional: true,
    pinned: false,
    ...(hasAliases &&
      value && { shared: { node: value.node, aliases: value.alias ? [value.alias] : [] } }),
  }
}

/** Where a kustomization has its `images`: a `kustomization.yaml` at the top, a Flux Kustomization in its spec. */
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
    return [
      {
        resource,
        path: [...path, index],
        offset: item.start,
        covers: name,
        repository: canonicalRepository(value('newName')?.text || name),
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

import { attempt, type FunctionError, type Notice } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { formatPlace } from '../place.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { entryOf, textOf } from '../yaml/tree/value.ts'
import type { FoundTargets } from './find-targets.ts'
import { governingPolicy } from './govern.ts'
import { findImagesEntries, type ImagesEntry } from './kustomize-images.ts'
import { isReplaceable } from './left-alone.ts'
import { formatPath, type Target } from './target.ts'

export interface ImagesTargets extends FoundTargets {
  /** The names of images that a governed entry covers, spelled as the manifests must spell them, and the place of the entry. */
  readonly covered: ReadonlyMap<string, string>
  /** The policies of entries that are left alone. */
  readonly spared: ReadonlySet<ImagePolicy>
  /** The canonical repositories of all entries, for hints. */
  readonly repositories: ReadonlySet<string>
}

/** `newTag` and `digest` of the entries of kustomizations that a policy governs; a key that is not there can be set. */
export function findImagesTargets(
  resources: readonly Resource[],
  policies: readonly ImagePolicy[],
): ImagesTargets {
  const targets: Target[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const covered = new Map<string, string>()
  const spared = new Set<ImagePolicy>()
  const repositories = new Set<string>()
  for (const found of resources.flatMap(findImagesEntries)) {
    repositories.add(found.repository)
    const candidates = policies.filter(({ repository }) => repository === found.repository)
    if (candidates.length === 0) continue
    const policy = attempt(
      () => governingPolicy(candidates, found.resource, found.repository, found.path),
      errors,
    )
    if (policy === undefined) continue
    const place = placeOf(found.resource, formatPath(found.path))
    covered.set(found.covers, formatPlace(place))
    const tag = targetOf(found, 'newTag', 'tag', policy)
    const digest = targetOf(found, 'digest', 'digest', policy)
    const odd = [tag, digest].find(({ current = '', part }) => !isReplaceable(current, part))
    if (odd === undefined)
      targets.push(tag, { ...digest, ...(tag.current !== undefined && { besideTag: tag.current }) })
    else {
      notices.push({
        severity: 'warning',
        problem: `is left alone: "${odd.current}" is no ${odd.part}`,
        place,
      })
      spared.add(policy)
    }
  }
  return { targets, errors, notices, covered, spared, repositories }
}

function targetOf(
  { resource, path, entry }: ImagesEntry,
  key: string,
  part: 'tag' | 'digest',
  policy: ImagePolicy,
): Target {
  const { tree } = resource.open()
  const value = entryOf(tree, entry, key)?.value
  const scalar = value?.kind === 'alias' ? value.to : value
  const node = scalar?.kind === 'scalar' ? scalar : undefined
  return {
    resource,
    path: [...path, key],
    node,
    ...(tree.aliases.length > 0 && { aliases: value?.kind === 'alias' ? [value] : [] }),
    entry,
    current: node && textOf(tree, node),
    part,
    policy,
    by: 'images',
  }
}

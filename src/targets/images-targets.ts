import { FunctionError } from '../errors.ts'
import type { Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { entryOf, textOf } from '../yaml/value.ts'
import type { FoundTargets } from './find-targets.ts'
import { governingPolicy } from './govern.ts'
import { findImagesEntries, type ImagesEntry } from './kustomize-images.ts'
import type { Target } from './target.ts'

export interface ImagesTargets extends FoundTargets {
  /** The canonical repositories, as the manifests say them, that a governed entry covers. */
  readonly covered: ReadonlySet<string>
  /** The canonical repositories of all entries, for hints. */
  readonly repositories: ReadonlySet<string>
}

/** `newTag` and `digest` of the entries of kustomizations that a policy governs; a key that is not there can be set. */
export function findImagesTargets(resources: readonly Resource[], policies: readonly ImagePolicy[]): ImagesTargets {
  const targets: Target[] = []
  const errors: FunctionError[] = []
  const covered = new Set<string>()
  const repositories = new Set<string>()
  for (const found of resources.flatMap(findImagesEntries)) {
    repositories.add(found.repository)
    const candidates = policies.filter(({ repository }) => repository === found.repository)
    if (candidates.length === 0) continue
    try {
      const policy = governingPolicy(candidates, found.resource, found.repository, found.path)
      if (policy === undefined) continue
      covered.add(found.covers)
      targets.push(targetOf(found, 'newTag', 'tag', policy), targetOf(found, 'digest', 'digest', policy))
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error
      errors.push(error)
    }
  }
  return { targets, errors, notices: [], covered, repositories }
}

function targetOf({ resource, path, entry }: ImagesEntry, key: string, part: 'tag' | 'digest', policy: ImagePolicy): Target {
  const value = entryOf(resource.tree, entry, key)?.value
  const scalar = value?.kind === 'alias' ? value.to : value
  const node = scalar?.kind === 'scalar' ? scalar : undefined
  return {
    resource,
    path: [...path, key],
    node,
    entry,
    current: node && textOf(resource.tree, node),
    part,
    policy,
    by: 'images',
  }
}

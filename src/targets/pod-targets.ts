import { FunctionError, type Notice } from '../errors.ts'
import { parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryNeedle } from '../image/repository.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { findPodImages, type PodImage } from './containers.ts'
import type { FoundTargets } from './find-targets.ts'
import { governingPolicy } from './govern.ts'
import { handsOffReason } from './hands-off.ts'
import { formatPath, type Target } from './target.ts'

/** An image of a pod that some policy may govern. */
export interface PodSighting extends PodImage {
  readonly resource: Resource
  /** The canonical repository; undefined where the text is no image reference, though it names one of a policy. */
  readonly repository: string | undefined
}

/** Looks at resources one by one, and keeps of their images only those with the repository of a policy. */
export function podSightings(policies: readonly ImagePolicy[]): {
  /** `marked` are the scalars of the resource that belong to a marker already. */
  look(resource: Resource, marked: readonly Target[]): void
  readonly sightings: readonly PodSighting[]
  /** Every canonical repository that was seen, for hints. */
  readonly repositories: ReadonlySet<string>
} {
  const governed = new Set(policies.map(({ repository }) => repository))
  const needles = [...governed].filter(repository => repository !== '').map(repositoryNeedle)
  const sightings: PodSighting[] = []
  const repositories = new Set<string>()
  return {
    sightings,
    repositories,
    look(resource, marked) {
      for (const image of findPodImages(resource)) {
        if (marked.some(({ node }) => node === image.node)) continue
        const reference = parseImageReference(image.text)
        const repository = reference && canonicalRepository(reference.repository)
        if (repository !== undefined) repositories.add(repository)
        const relevant = repository === undefined ? needles.some(needle => image.text.includes(needle)) : governed.has(repository)
        if (relevant) sightings.push({ resource, repository, ...image })
      }
    },
  }
}

/**
 * The images of pods that a policy governs by their repository. `covered` are the repositories whose tag a kustomization sets:
 * its entry is edited instead.
 */
export function findPodTargets(
  sightings: readonly PodSighting[],
  policies: readonly ImagePolicy[],
  covered: ReadonlySet<string>,
): FoundTargets {
  const byRepository = new Map<string, ImagePolicy[]>()
  for (const policy of policies) byRepository.set(policy.repository, [...(byRepository.get(policy.repository) ?? []), policy])
  const targets: Target[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  for (const { resource, repository, path, node, alias, text, name } of sightings) {
    const say = (severity: Notice['severity'], problem: string) =>
      notices.push({ severity, problem, place: placeOf(resource, formatPath(path)) })
    if (repository === undefined) {
      say('warning', `is left alone: "${text}" is no image reference, though it names the repository of a policy`)
      continue
    }
    const candidates = byRepository.get(repository) ?? []
    if (candidates.length === 0 || covered.has(repository)) continue
    const handsOff = handsOffReason(resource)
    if (handsOff !== undefined) {
      say('info', `is left alone: ${handsOff}`)
      continue
    }
    try {
      const policy = governingPolicy(candidates, resource, name, path)
      if (policy !== undefined)
        targets.push({ resource, path, node, ...(alias && { alias }), current: text, part: 'image', policy, by: 'repository' })
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error
      errors.push(error)
    }
  }
  return { targets, errors, notices }
}

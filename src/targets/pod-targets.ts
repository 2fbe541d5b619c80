import { attempt, type FunctionError, type Notice } from '../errors.ts'
import { parseImageReference } from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { findPodImages, type PodImage } from './containers.ts'
import type { FoundTargets } from './find-targets.ts'
import { governingPolicy, overruledBinding } from './govern.ts'
import { handsOffReason } from './hands-off.ts'
import { seemsToName } from './left-alone.ts'
import { formatPath, type Target } from './target.ts'

/** An image of a pod that some policy may govern. */
export interface PodSighting extends PodImage {
  readonly resource: Resource
  /** The canonical repository; undefined where the text is no image reference, though it names one of a policy. */
  readonly repository: string | undefined
  /** The repository as it is spelled. */
  readonly spelled: string | undefined
}

/** Looks at resources one by one, and keeps of their images only those with the repository of a policy. */
export function podSightings(policies: readonly ImagePolicy[]): {
  /** `marked` are the scalars of the resource that belong to a marker already. */
  look(resource: Resource, marked: readonly Target[]): void
  readonly sightings: readonly PodSighting[]
  /** What can't be looked at. */
  readonly errors: readonly FunctionError[]
  /** Every canonical repository that was seen, for hints. */
  readonly repositories: ReadonlySet<string>
} {
  const governed = new Set(
    policies.map(({ repository }) => repository).filter(repository => repository !== ''),
  )
  const sightings: PodSighting[] = []
  const errors: FunctionError[] = []
  const repositories = new Set<string>()
  return {
    sightings,
    repositories,
    errors,
    look(resource, marked) {
      const images = attempt(() => findPodImages(resource), errors) ?? []
      const taken = new Set(marked.map(({ node }) => node?.start))
      for (const image of images) {
        if (taken.has(image.node.start)) continue
        const spelled = parseImageReference(image.text)?.repository
        const repository = spelled && canonicalRepository(spelled)
        if (repository !== undefined) repositories.add(repository)
        const relevant =
          repository === undefined
            ? [...governed].some(other => seemsToName(image.text, other))
            : governed.has(repository)
        if (relevant) sightings.push({ resource, repository, spelled, ...image })
      }
    },
  }
}

/**
 * The images of pods that a policy governs by their repository. `covered` are the spellings of repositories whose tag a kustomization
 * sets, and where: its entry is edited instead. `spared` are the policies that would have governed an image that is left alone.
 */
export function findPodTargets(
  sightings: readonly PodSighting[],
  policies: readonly ImagePolicy[],
  covered: ReadonlyMap<string, string>,
): FoundTargets & { readonly spared: ReadonlySet<ImagePolicy> } {
  const byRepository = new Map<string, ImagePolicy[]>()
  for (const policy of policies)
    byRepository.set(policy.repository, [...(byRepository.get(policy.repository) ?? []), policy])
  const targets: Target[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const spared = new Set<ImagePolicy>()
  for (const { resource, repository, spelled = '', path, node, aliases, text, name } of sightings) {
    const say = (severity: Notice['severity'], problem: string) =>
      notices.push({ severity, problem, place: placeOf(resource, formatPath(path)) })
    if (repository === undefined) {
      say(
        'warning',
        `is left alone: "${text}" is no image reference, though it names the repository of a policy`,
      )
      for (const policy of policies) if (seemsToName(text, policy.repository)) spared.add(policy)
      continue
    }
    const policy = attempt(
      () => governingPolicy(byRepository.get(repository) ?? [], resource, name, path),
      errors,
    )
    if (policy === undefined) continue
    const overruled = overruledBinding(policy, resource, name)
    if (overruled !== undefined) say('warning', overruled)
    const entry = covered.get(spelled)
    const handsOff = entry === undefined ? handsOffReason(resource) : `${entry} sets its tag`
    if (handsOff === undefined) {
      targets.push({
        resource,
        path,
        node,
        ...(aliases && { aliases }),
        current: text,
        part: 'image',
        policy,
        by: 'repository',
      })
    } else {
      say('info', `is left alone: ${handsOff}`)
      spared.add(policy)
    }
  }
  return { targets, errors, notices, spared }
}

import { FunctionError, type Notice } from '../errors.ts'
import { parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryNeedle } from '../image/repository.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { findPodImages } from './containers.ts'
import type { FoundTargets } from './find-targets.ts'
import { governingPolicy } from './govern.ts'
import { handsOffReason } from './hands-off.ts'
import { formatPath, type Target } from './target.ts'

export interface PodTargets extends FoundTargets {
  /** Every canonical repository that was seen, for hints. */
  readonly repositories: ReadonlySet<string>
}

/**
 * The images of pods that a policy governs by their repository. `covered` are the repositories whose tag a kustomization sets:
 * its entry is edited instead.
 */
export function findPodTargets(resources: readonly Resource[], policies: readonly ImagePolicy[], covered: ReadonlySet<string>): PodTargets {
  const byRepository = new Map<string, ImagePolicy[]>()
  for (const policy of policies) byRepository.set(policy.repository, [...(byRepository.get(policy.repository) ?? []), policy])
  const targets: Target[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const repositories = new Set<string>()

  for (const resource of resources) {
    const handsOff = handsOffReason(resource)
    for (const { path, node, alias, text, name } of findPodImages(resource)) {
      const say = (severity: Notice['severity'], problem: string) =>
        notices.push({ severity, problem, place: placeOf(resource, formatPath(path)) })
      const reference = parseImageReference(text)
      if (reference === undefined) {
        const named = policies.some(({ repository }) => text.includes(repositoryNeedle(repository)))
        if (named) say('warning', `is left alone: "${text}" is no image reference, though it names the repository of a policy`)
        continue
      }
      const repository = canonicalRepository(reference.repository)
      repositories.add(repository)
      const candidates = byRepository.get(repository) ?? []
      if (candidates.length === 0 || covered.has(repository)) continue
      if (handsOff !== undefined) {
        say('info', `is left alone: ${handsOff}`)
        continue
      }
      try {
        const policy = governingPolicy(candidates, resource, name, path)
        if (policy !== undefined) {
          targets.push({ resource, path, node, ...(alias && { alias }), current: text, part: 'image', policy, by: 'repository' })
        }
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error
        errors.push(error)
      }
    }
  }
  return { targets, errors, notices, repositories }
}

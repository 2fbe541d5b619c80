import { FunctionError, type Notice } from '../errors.ts'
import { parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryNeedle } from '../image/repository.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { nearest } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import { findPodImages } from './containers.ts'
import { governingPolicy } from './govern.ts'
import { formatPath, type Target } from './target.ts'

export interface FoundTargets {
  readonly targets: readonly Target[]
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
}

/** Every scalar that a policy governs, in the order of the input. */
export function findTargets(resources: readonly Resource[], policies: readonly ImagePolicy[], config: FunctionConfig): FoundTargets {
  const byRepository = new Map<string, ImagePolicy[]>()
  for (const policy of policies) byRepository.set(policy.repository, [...(byRepository.get(policy.repository) ?? []), policy])
  const targets: Target[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const seenRepositories = new Set<string>()

  for (const resource of resources) {
    if (!config.targets.containers || !resource.emitted) continue
    const handsOff = handsOffReason(resource)
    for (const { path, node, text, name } of findPodImages(resource)) {
      const reference = parseImageReference(text)
      if (reference === undefined) {
        const policy = policies.find(({ repository }) => text.includes(repositoryNeedle(repository)))
        if (policy !== undefined) {
          const problem = `is left alone: "${text}" is no image reference, though it names the repository of a policy`
          notices.push({ severity: 'warning', problem, place: placeOf(resource, formatPath(path)) })
        }
        continue
      }
      const repository = canonicalRepository(reference.repository)
      seenRepositories.add(repository)
      const candidates = byRepository.get(repository) ?? []
      if (candidates.length === 0) continue
      if (handsOff !== undefined) {
        notices.push({ severity: 'info', problem: `is left alone: ${handsOff}`, place: placeOf(resource, formatPath(path)) })
        continue
      }
      try {
        const policy = governingPolicy(candidates, resource, name, path)
        if (policy !== undefined) targets.push({ resource, path, node, current: text, part: 'image', policy, by: 'repository' })
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error
        errors.push(error)
      }
    }
  }
  return { targets, errors, notices: [...notices, ...idlePolicies(policies, targets, seenRepositories)] }
}

/** Flux v1's vetoes: `fluxcd.io/ignore` and `fluxcd.io/locked`. */
function handsOffReason({ annotations }: Resource): string | undefined {
  if (annotations.get('fluxcd.io/ignore') === 'true') return 'the annotation `fluxcd.io/ignore` is "true"'
  if (annotations.get('fluxcd.io/locked') !== 'true') return undefined
  const message = annotations.get('fluxcd.io/locked_msg')
  return `the annotation \`fluxcd.io/locked\` is "true"${message ? `: ${message}` : ''}`
}

/** A typo in a repository is otherwise silent. */
function idlePolicies(policies: readonly ImagePolicy[], targets: readonly Target[], seen: ReadonlySet<string>): readonly Notice[] {
  const busy = new Set(targets.map(({ policy }) => policy))
  return policies
    .filter(policy => !busy.has(policy))
    .map(policy => {
      const closest = nearest(policy.repository, [...seen])
      const hint = closest === undefined ? 'no container image was seen' : `the closest one seen is "${closest}"`
      return {
        severity: 'warning',
        problem: `governs nothing: no image of "${policy.repository}" was found; ${hint}`,
        place: policyPlace(policy),
      }
    })
}

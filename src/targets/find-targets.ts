import type { FunctionError, Notice } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { nearest } from '../krm/nearest.ts'
import type { Resource } from '../krm/resource.ts'
import { type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import type { YamlNode } from '../yaml/node.ts'
import type { Outline } from '../yaml/outline.ts'
import { unshared } from './anchors.ts'
import { findFieldTargets } from './fields.ts'
import { findImagesTargets } from './images-targets.ts'
import { findMarkedTargets } from './markers.ts'
import { findPodTargets } from './pod-targets.ts'
import type { Target } from './target.ts'

export interface FoundTargets {
  readonly targets: readonly Target[]
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
}

const nothing: FoundTargets = { targets: [], errors: [], notices: [] }

/**
 * Every field that a policy governs. A policy that any marker names governs only its markers, and a marked scalar belongs to its
 * marker alone; then come the fields of the functionConfig, the `images` of kustomizations, and the images of pods that no such
 * entry covers. `idle` names the policies that govern nothing: worth saying where everything could be read.
 */
export function findTargets(
  resources: readonly Resource[],
  policies: readonly ImagePolicy[],
  config: FunctionConfig,
  outline: Outline | undefined,
): FoundTargets & { readonly idle: readonly Notice[] } {
  const emitted = resources.filter(resource => resource.emitted)
  const marked = config.targets.markers && outline !== undefined ? findMarkedTargets(emitted, policies, outline) : nothing
  const withMarkers = new Set(marked.targets.map(({ policy }) => policy))
  const unmarked = policies.filter(policy => !withMarkers.has(policy))

  const fields = findFieldTargets(emitted, policies, config)
  const images = config.targets.kustomizeImages ? findImagesTargets(emitted, unmarked) : { ...nothing, covered: none, repositories: none }
  const pods = config.targets.containers ? findPodTargets(emitted, unmarked, images.covered) : { ...nothing, repositories: none }

  const steps = [marked, fields, images, pods]
  const { targets, errors } = unshared(firstOfEach(steps.flatMap(step => step.targets)))
  const seen = new Set([...images.repositories, ...pods.repositories])
  return {
    targets,
    errors: [...steps.flatMap(step => step.errors), ...errors],
    notices: steps.flatMap(step => step.notices),
    idle: idlePolicies(policies, targets, seen),
  }
}

const none: ReadonlySet<string> = new Set()

/** Of several claims on one scalar, the first. */
function firstOfEach(targets: readonly Target[]): readonly Target[] {
  const claimed = new Set<YamlNode>()
  return targets.filter(({ node, alias }) => {
    if (node === undefined) return true
    const free = !claimed.has(alias ?? node)
    claimed.add(alias ?? node)
    return free
  })
}

/** A typo in a repository is otherwise silent. */
function idlePolicies(policies: readonly ImagePolicy[], targets: readonly Target[], seen: ReadonlySet<string>): readonly Notice[] {
  const busy = new Set(targets.map(({ policy }) => policy))
  return policies
    .filter(policy => !busy.has(policy))
    .map(policy => {
      const closest = nearest(policy.repository, [...seen])
      const hint = closest === undefined ? 'no image was seen' : `the closest one seen is "${closest}"`
      return {
        severity: 'warning',
        problem: `governs nothing: no image of "${policy.repository}" was found; ${hint}`,
        place: policyPlace(policy),
      }
    })
}

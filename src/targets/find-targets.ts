import type { FunctionError, Notice } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { nearest } from '../krm/nearest.ts'
import type { Resource } from '../krm/resource.ts'
import type { Place } from '../place.ts'
import { type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import type { Outline } from '../yaml/locate/outline.ts'
import { findFieldTargets } from './fields.ts'
import { findImagesTargets } from './images-targets.ts'
import { isKustomization } from './kustomize-images.ts'
import { markedTargets } from './markers.ts'
import { findPodTargets, podSightings } from './pod-targets.ts'
import { policiesNamed } from './policy-name.ts'
import { seenRepositories } from './seen-repositories.ts'
import { skippedByFlux } from './skipped-by-flux.ts'
import type { Target } from './target.ts'
import { unshared } from './unshared.ts'

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
export async function findTargets(
  items: Iterable<readonly Resource[] | Promise<readonly Resource[]>>,
  policies: readonly ImagePolicy[],
  config: FunctionConfig,
  outline: Outline | undefined,
): Promise<FoundTargets & { readonly idle: readonly Notice[] }> {
  const { containers, markers, kustomizeImages, fields: fieldTargets } = config.targets
  const withFields: Resource[] = []
  const kustomizations: Resource[] = []
  const marked: { readonly targets: Target[]; readonly notices: Notice[] } = {
    targets: [],
    notices: [],
  }
  const withMarkers = new Set<ImagePolicy>()
  let passedOver: Place | undefined
  const pods = podSightings(policies)
  const skipped = markers && outline !== undefined ? skippedByFlux(outline) : undefined
  const marksIn = markedTargets(policies)
  const look = (resource: Resource): void => {
    if (!resource.emitted) return
    const marks = markers ? marksIn(resource) : nothing
    for (const { policy } of marks.targets) withMarkers.add(policy)
    if (skipped === undefined) {
      for (const target of marks.targets) marked.targets.push(target)
      for (const notice of marks.notices) marked.notices.push(notice)
    } else if (marks.targets.length > 0) passedOver ??= { file: resource.id.file ?? 'stdin' }
    if (fieldTargets.some(({ kind }) => kind === resource.id.kind)) withFields.push(resource)
    if (kustomizeImages && isKustomization(resource)) kustomizations.push(resource)
    // where each policy has its markers, no image is left to be governed; but what aliases make too large is still refused
    if (
      containers &&
      (withMarkers.size < policies.length || resource.open().tree.aliases.length > 0)
    )
      pods.look(resource, marks.targets)
    resource.forget()
  }
  for (const item of items)
    for (const resource of item instanceof Promise ? await item : item) look(resource)

  const unmarked = policies.filter(policy => !withMarkers.has(policy))
  const images = findImagesTargets(kustomizations, unmarked)
  const { spared, ...podTargets } = findPodTargets(pods.sightings, unmarked, images.covered)
  const steps = [
    { ...marked, errors: [] },
    findFieldTargets(withFields, policies, config),
    images,
    podTargets,
  ]
  const found = together(steps)
  const configured = fieldTargets.flatMap(({ policy }) => policiesNamed(policy, policies)) // has a word of its own for fields that are not there
  const { targets, errors } = unshared(
    firstOfEach(found.targets).sort((a, b) => offsetOf(a) - offsetOf(b)),
  )
  return {
    targets,
    errors: [...found.errors, ...pods.errors, ...errors],
    notices:
      passedOver === undefined
        ? found.notices
        : [passedOverWarning(skipped, passedOver), ...found.notices],
    idle: idlePolicies(
      policies,
      new Set([
        ...targets.map(({ policy }) => policy),
        ...withMarkers,
        ...images.spared,
        ...spared,
        ...configured,
      ]),
      new Set([...images.repositories, ...pods.repositories]),
      outline,
    ),
  }
}

function together(steps: readonly FoundTargets[]): FoundTargets {
  return {
    targets: steps.flatMap(({ targets }) => targets),
    errors: steps.flatMap(({ errors }) => errors),
    notices: steps.flatMap(({ notices }) => notices),
  }
}

const passedOverWarning = (reason: string | undefined, place: Place): Notice => ({
  severity: 'warning',
  problem: `its $imagepolicy markers are left alone, as in Flux, because of ${reason}`,
  place,
})

/** Of several claims on one scalar, reached on the same way, the first. */
function firstOfEach(targets: readonly Target[]): Target[] {
  const claimed = new Map<string, Set<number>>()
  return targets.filter(({ node, aliases = [] }) => {
    if (node === undefined) return true
    const way = aliases.map(({ start }) => start).join()
    const nodes = claimed.get(way) ?? new Set()
    claimed.set(way, nodes)
    if (nodes.has(node.start)) return false
    nodes.add(node.start)
    return true
  })
}

/** Where the target stands in the input, for the order in which changes are told. */
const offsetOf = ({ aliases, node, entry }: Target): number =>
  (aliases?.[0] ?? node ?? entry)?.start ?? 0

/** A typo in a repository is otherwise silent. */
function idlePolicies(
  policies: readonly ImagePolicy[],
  busy: ReadonlySet<ImagePolicy>,
  found: ReadonlySet<string>,
  outline: Outline | undefined,
): readonly Notice[] {
  const idle = policies.filter(policy => !busy.has(policy))
  const looked = new Set(
    policies.map(({ repository }) => repository).filter(repository => !found.has(repository)),
  )
  const seen =
    idle.length > 0 && outline !== undefined
      ? seenRepositories(outline.bytes).filter(repository => !looked.has(repository))
      : []
  return idle.map(policy => ({
    severity: 'warning',
    problem: `governs nothing: ${found.has(policy.repository) ? `each image of "${policy.repository}" is outside its scope, or has another policy` : notFound(policy, seen)}`,
    place: policyPlace(policy),
  }))
}

function notFound({ repository }: ImagePolicy, seen: readonly string[]): string {
  const closest = nearest(repository, seen)
  const hint = closest === undefined ? 'no image was seen' : `the closest one seen is "${closest}"`
  return `no image of "${repository}" was found; ${hint}`
}

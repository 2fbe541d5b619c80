import type { Document } from '../krm/document.ts'
import type { Resource } from '../krm/resource.ts'
import { newClaims } from './claims.ts'
import { configuredFields } from './finders/configured-fields.ts'
import { knownFields } from './finders/known-fields.ts'
import { kustomizeImages } from './finders/kustomize-images.ts'
import { markers } from './finders/markers.ts'
import { pods } from './finders/pods.ts'
import { values } from './finders/values.ts'
import { reportIdlePolicies } from './idle-policies.ts'
import type { Target } from './target.ts'
import type { NewTargetFinder, Search } from './target-finder.ts'
import { unshared } from './unshared.ts'

/** In the order in which they may claim a scalar. */
const newFinders: readonly NewTargetFinder[] = [
  markers,
  configuredFields,
  kustomizeImages,
  values,
  knownFields,
  pods,
]

/**
 * How the keys of the annotations begin that are read here: bindings, vetoes, and tags that were
 * recorded before.
 */
export const workloadAnnotations: readonly string[] = ['fluxcd.io/']

/**
 * Every field of the documents that a policy governs, in their order. A policy that any marker
 * names governs only its markers, and a marked scalar belongs to its marker alone; then come the
 * fields of the functionConfig, the `images` of kustomizations, Helm values, the fields of
 * well-known custom resources, and the images of pods that no entry of a kustomization covers. The
 * containers in Helm values of KRM objects are left to the pods: only those record their tags in
 * annotations.
 */
export async function findTargets(search: Search): Promise<readonly Target[]> {
  const { documents, policies, problems } = search
  const claims = newClaims()
  const finders = newFinders.map(newFinder => newFinder(search))
  const mentions = [...new Set(finders.flatMap(finder => finder.mentions))]
  const look = (resource: Resource) => {
    for (const finder of finders) finder.look(resource, claims)
  }
  for (const document of documents) {
    for (const item of document.each(mentions, problems))
      for (const resource of item instanceof Promise ? await item : item) look(resource)
  }

  const found = finders.map(finder => finder.finish(claims))
  const targets = unshared(
    inOrder(
      documents,
      found.flatMap(({ targets }) => targets),
    ),
    problems,
  )
  const busy = new Set(policies.length === 0 ? [] : targets.map(({ policy }) => policy))
  for (const policy of claims.markedPolicies) busy.add(policy)
  for (const { excused = [] } of found) for (const policy of excused) busy.add(policy)
  const idle = policies.filter(policy => !busy.has(policy))
  const seen = new Set(found.flatMap(({ repositories = [] }) => [...repositories]))
  await reportIdlePolicies(idle, seen, claims, search)
  return targets
}

function inOrder(documents: readonly Document[], targets: readonly Target[]): readonly Target[] {
  const rank = new Map<unknown, number>(documents.map((document, index) => [document, index]))
  const rankOf = ({ resource }: Target) => rank.get(resource.document) ?? 0
  const order = (a: Target, b: Target) =>
    (a.resource.document === b.resource.document ? 0 : rankOf(a) - rankOf(b)) || a.offset - b.offset
  const isSorted = targets.every(
    (target, at) => at === 0 || order(targets[at - 1] as Target, target) <= 0,
  )
  return isSorted ? targets : [...targets].sort(order)
}

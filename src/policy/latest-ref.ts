import { parseImageReference } from '../image/reference.ts'
import { fieldOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { currentName } from './flux-objects.ts'
import type { LatestRef } from './image-policy.ts'
import { partyOf } from './party.ts'

/**
 * What Flux chose last for each of the ImagePolicies. Several documents may have a copy of one
 * policy, and a copy from Git has no status: the status with the newest `observedGeneration` counts
 * for all copies, then that of `--policies`, which only the operator writes.
 */
export function latestRefs(
  policies: readonly Resource[],
  problems: Problems,
): (policy: Resource) => LatestRef | undefined {
  const keyOf = (policy: Resource) => JSON.stringify(currentName(policy))
  const newest = new Map<string, Status>()
  for (const policy of policies) {
    const status = problems.attempt(() => readStatus(policy))
    const before = newest.get(keyOf(policy))
    if (status !== undefined && (before === undefined || isNewer(status, before)))
      newest.set(keyOf(policy), status)
  }
  return policy => newest.get(keyOf(policy))?.latestRef
}

interface Status {
  readonly latestRef: LatestRef
  /** -1 if the status has none. */
  readonly generation: number
  readonly isOfOperator: boolean
}

function isNewer(status: Status, other: Status): boolean {
  if (status.generation !== other.generation) return status.generation > other.generation
  return status.isOfOperator && !other.isOfOperator
}

/**
 * v1 and v1beta2 have `latestRef`, v1beta1 has `latestImage`. A status that is older than the spec
 * is not used.
 */
function readStatus(policy: Resource): Status | undefined {
  const status = mapping(fieldOf(policy, 'status'))
  const generation = mapping(fieldOf(policy, 'metadata')).generation
  const observed = status.observedGeneration
  if (typeof generation === 'number' && typeof observed === 'number' && generation !== observed)
    return undefined
  const latestRef = readRef(mapping(status.latestRef)) ?? readImage(status.latestImage)
  return (
    latestRef && {
      latestRef,
      generation: typeof observed === 'number' ? observed : -1,
      isOfOperator: partyOf(policy) === '--policies',
    }
  )
}

function readRef({ name, tag, digest }: Record<string, unknown>): LatestRef | undefined {
  if (typeof name !== 'string' || typeof tag !== 'string') return undefined
  return { name, tag, ...(typeof digest === 'string' && digest !== '' && { digest }) }
}

function readImage(text: unknown): LatestRef | undefined {
  const image = typeof text === 'string' ? parseImageReference(text) : undefined
  if (image?.tag === undefined) return undefined
  return {
    name: image.repository,
    tag: image.tag,
    ...(image.digest !== undefined && { digest: image.digest }),
  }
}

const mapping = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

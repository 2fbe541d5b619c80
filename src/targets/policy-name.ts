import type { Budget } from '../budget.ts'
import { groupBy } from '../group-by.ts'
import { nearest } from '../krm/nearest.ts'
import { defaultNamespace } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { UnusedPolicy } from '../policy/use-policies.ts'

type Named = Pick<ImagePolicy, 'id' | 'resource'>

/**
 * The policies that `<namespace>:<name>` names: by their original names first, then by their
 * present ones, then those without a namespace of that name. Several only if they have different
 * scopes.
 */
export function policiesNamed<Policy extends Named>(
  reference: string,
  policies: readonly Policy[],
): readonly Policy[] {
  const wanted = nameIn(reference)
  if (wanted === undefined) return []
  const isWanted = (other: PolicyName) =>
    other.name === wanted.name && other.namespace === wanted.namespace
  const original = policies.filter(({ id }) => isWanted(id.original))
  if (original.length > 0) return original
  const current = policies.filter(({ id }) => isWanted(id.current))
  if (current.length > 0) return current
  return policies.filter(
    policy => hasNoNamespace(policy) && policy.id.original.name === wanted.name,
  )
}

type PolicyName = ImagePolicy['id']['original']

const nameIn = (reference: string): PolicyName | undefined => {
  const colon = reference.indexOf(':')
  const name = reference.slice(colon + 1)
  return colon < 1 || name === '' ? undefined : { namespace: reference.slice(0, colon), name }
}

const hasNoNamespace = ({ id, resource }: Named) =>
  id.original.namespace === defaultNamespace && resource.namespace === undefined

/**
 * The same for the list of all policies, which many markers and bindings ask: an index that is made
 * once.
 */
export function policiesNamedOf<Policy extends Named>(
  reference: string,
  policies: readonly Policy[],
): readonly Policy[] {
  const wanted = nameIn(reference)
  if (wanted === undefined) return []
  const index = (indexes.get(policies) ?? indexOf(policies)) as NameIndex<Policy>
  const key = keyOf(wanted)
  return index.original.get(key) ?? index.current.get(key) ?? index.unplaced.get(wanted.name) ?? []
}

interface NameIndex<Policy> {
  readonly original: ReadonlyMap<string, readonly Policy[]>
  readonly current: ReadonlyMap<string, readonly Policy[]>
  /** Those without a namespace, by their names alone. */
  readonly unplaced: ReadonlyMap<string, readonly Policy[]>
}

const indexes = new WeakMap<readonly Named[], NameIndex<Named>>()

function indexOf<Policy extends Named>(policies: readonly Policy[]): NameIndex<Policy> {
  const index = {
    original: groupBy(policies, ({ id }) => keyOf(id.original)),
    current: groupBy(policies, ({ id }) => keyOf(id.current)),
    unplaced: groupBy(policies.filter(hasNoNamespace), ({ id }) => id.original.name),
  }
  indexes.set(policies, index)
  return index
}

/** A namespace can hold any character, so a plain separator would not do. */
const keyOf = ({ namespace, name }: PolicyName) => `${namespace.length} ${namespace}:${name}`

/** Whether it names only policies that take no part in the run. */
export const namesUnused = (reference: string, { policies, unused }: Lists): boolean =>
  unused.length > 0 &&
  policiesNamedOf(reference, policies).length === 0 &&
  policiesNamedOf(reference, unused).length > 0

/** Why something that names such a policy stays as it is. */
export const unusedProblem = (reference: string): string =>
  `is left alone: "${reference}" takes no part in this run, because of \`usePolicies\``

interface Lists {
  readonly policies: readonly ImagePolicy[]
  readonly unused: readonly UnusedPolicy[]
}

/** The hint for a name that names no policy. */
export function nearestPolicy(
  reference: string,
  policies: readonly ImagePolicy[],
  hints?: Budget,
): string {
  if (policies.length === 0) return 'the input has no policy'
  const closest = nearest(reference, namesOf(policies), hints)
  return closest === undefined
    ? `the input has ${policies.length} policies`
    : `the closest one is "${closest}"`
}

const names = new WeakMap<readonly ImagePolicy[], readonly string[]>()

function namesOf(policies: readonly ImagePolicy[]): readonly string[] {
  const known = names.get(policies)
  if (known !== undefined) return known
  const made = policies.map(({ id }) => `${id.original.namespace}:${id.original.name}`)
  names.set(policies, made)
  return made
}

import { FunctionError } from '../../errors.ts'
import { formatPath } from '../../field-path.ts'
import { repositoryIn } from '../../image/repository.ts'
import type { FieldEntry } from '../../krm/function-config.ts'
import { defaultNamespace, placeOf, type Resource } from '../../krm/resource.ts'
import { isInSecret } from '../../krm/secret.ts'
import { formatResourceId, type Place } from '../../place.ts'
import { formatPolicyId, type ImagePolicy } from '../../policy/image-policy.ts'
import { narrowest } from '../../policy/scope.ts'
import { dataOf, nodeAt, textOf } from '../../yaml/tree/value.ts'
import type { Claims } from '../claims.ts'
import { parseSelector, type SelectorStep, select } from '../field-selector.ts'
import { namesUnused, nearestPolicy, policiesNamedOf, unusedProblem } from '../policy-name.ts'
import { isReplaceable } from '../replaceable.ts'
import { repositoryMatcher } from '../repository-matcher.ts'
import { type FieldTarget, scalarTargets } from '../scalar-target.ts'
import type { Target } from '../target.ts'
import type { NewTargetFinder, Search } from '../target-finder.ts'

/**
 * The fields that `targets.fields` of the functionConfig names. A Secret has none. An entry without
 * a policy finds one by the repository of the image.
 */
export const configuredFields: NewTargetFinder = search => {
  const { config, problems } = search
  const read = config.targets.fields.flatMap((field, index) => {
    const place = { resource: config.resource, field: config.fieldOf(`targets.fields[${index}]`) }
    return problems.attempt(() => readEntry(field, place, search)) ?? []
  })
  // what a policy of this run governs is not held back by an entry whose policy takes no part
  const entries = [...read.filter(({ unused }) => !unused), ...read.filter(({ unused }) => unused)]
  const matcher = repositoryMatcher(search)
  const owners = ownersOf(search)
  const targets: Target[] = []
  const unmatched: FieldTarget[] = []

  const take = (entry: Entry, field: FieldTarget, claims: Claims) => {
    const { resource, path } = field
    if (!owners.own(entry, field, claims)) return
    if (entry.unused) {
      problems.inform(unusedProblem(entry.field.policy ?? ''), placeOf(resource, formatPath(path)))
    } else if (entry.named === undefined) {
      if (matcher.mayGovern(field.current)) unmatched.push(field)
    } else {
      const { named } = entry
      const [policy] = problems.attempt(() => narrowest(named, resource, problems.work)) ?? []
      const target = policy && { ...field, policy }
      const problem = target && problemOf(target)
      if (problem !== undefined)
        problems.warn(`is left alone: ${problem}`, placeOf(resource, formatPath(path)))
      else if (target !== undefined) targets.push(target)
    }
  }

  return {
    mentions: entries.map(({ field }) => field.kind),
    look(resource, claims) {
      for (const entry of entries) {
        if (!isOfKind(resource, entry.field)) continue
        entry.kindIsThere = true
        if (!isSelected(resource, entry.field)) continue
        entry.isSelected = true
        const { named = [] } = entry
        const narrow = problems.attempt(() => narrowest(named, resource, problems.work)) ?? []
        if (named.length > 0 && narrow.length === 0) continue // outside its scope
        for (const field of fieldsOf(entry, resource, search)) take(entry, field, claims)
      }
    },
    finish(claims) {
      for (const entry of entries) reportUnused(entry, search)
      for (const field of unmatched) {
        const { resource, path, current: spelled } = field
        const policy = matcher.policyOf({ resource, path, spelled }, claims)
        if (policy !== undefined) targets.push({ ...field, policy })
      }
      const { excused = [], repositories = [] } = matcher.found
      // a field that is missing has a warning of its own
      return {
        targets,
        excused: [...entries.flatMap(({ named = [] }) => named), ...excused],
        repositories,
      }
    },
  }
}

/** An entry of `targets.fields`. */
interface Entry {
  readonly field: FieldEntry
  readonly place: Place
  readonly steps: readonly SelectorStep[]
  /**
   * The policies that it names: several only if they have different scopes. Undefined: it names
   * none.
   */
  readonly named: readonly ImagePolicy[] | undefined
  /** Whether its policy takes no part in the run. */
  readonly unused: boolean
  kindIsThere: boolean
  isSelected: boolean
  /** Whether it led to anything. */
  isUsed: boolean
}

const below = (place: Place, key: keyof FieldEntry): Place => ({
  ...place,
  field: `${place.field}.${key}`,
})

function readEntry(field: FieldEntry, place: Place, search: Search): Entry {
  const wrong = (key: keyof FieldEntry, must: string) =>
    new FunctionError('BAD_FIELD', must, below(place, key))
  if (field.kind === 'Secret')
    throw wrong('kind', 'must not be Secret: its values are never edited')
  const steps = parseSelector(field.path)
  if (steps === undefined) {
    const examples = 'spec.values.image.tag or spec.apps[name=web].image'
    throw wrong('path', `must be a path such as ${examples}, got "${field.path}"`)
  }
  const { part = 'image', policy } = field
  if (policy === undefined && part !== 'image')
    throw wrong('policy', `must be set for a ${part}: only an image tells its repository`)
  const unused = policy !== undefined && namesUnused(policy, search)
  const named = policy === undefined ? undefined : policiesNamedOf(policy, search.policies)
  if (policy !== undefined && named?.length === 0 && !unused) {
    const problem = `must name a policy as <namespace>:<name>, got "${policy}"; ${nearestPolicy(policy, search.policies, search.problems.hints)}`
    throw new FunctionError('UNKNOWN_POLICY', problem, below(place, 'policy'))
  }
  const seen = { kindIsThere: false, isSelected: false, isUsed: false }
  return { field, place, steps, named, unused, ...seen }
}

function isOfKind({ id }: Resource, { group, kind }: FieldEntry): boolean {
  const slash = id.apiVersion.indexOf('/')
  return (
    id.kind === kind &&
    (group === undefined || group === (slash === -1 ? '' : id.apiVersion.slice(0, slash)))
  )
}

/**
 * Whether the resource has the name, namespace and labels; of names, the original or the current
 * one.
 */
function isSelected(resource: Resource, { name, namespace, labels = {} }: FieldEntry): boolean {
  const { id, original } = resource
  const namespaces = [id.namespace ?? defaultNamespace, original.namespace]
  if (name !== undefined && name !== id.name && name !== original.name) return false
  if (namespace !== undefined && !namespaces.includes(namespace)) return false
  return Object.entries(labels).every(([key, value]) => {
    const { tree, root } = resource.open()
    const label = nodeAt(tree, root, ['metadata', 'labels', key])
    return label !== undefined && textOf(tree, label) === value
  })
}

/**
 * The scalars that an entry leads to. What leads elsewhere is an error, unless the entry may match
 * nothing.
 */
function fieldsOf(entry: Entry, resource: Resource, { problems }: Search): readonly FieldTarget[] {
  const { tree, root } = resource.open()
  const targetAt = scalarTargets(resource)
  const spend = (steps: number) => problems.work.spend(steps, below(entry.place, 'path'))
  const found = problems.attempt(() => select(tree, root, entry.steps, spend)) ?? []
  return found.flatMap(selected => {
    entry.isUsed = true
    if (isInSecret(resource, selected.path)) {
      const problem = 'is left alone: values of a Secret are never edited'
      problems.warn(problem, placeOf(resource, formatPath(selected.path)))
      return []
    }
    const field = targetAt(selected, entry.field.part ?? 'image')
    if (field !== undefined || entry.named === undefined) return field ?? []
    const { node } = selected
    const { kind } = node.kind === 'alias' ? node.to : node
    const problem = `must lead to a scalar, but leads to a ${kind} in ${formatResourceId(resource.id)}`
    problems.fail(new FunctionError('BAD_FIELD', problem, below(entry.place, 'path')))
    return []
  })
}

/** Why a field can't get what the policy chooses; undefined if it can. */
function problemOf({ resource, path, current = '', part, policy }: Target): string | undefined {
  const { tree, root } = resource.open()
  if (current === '' || dataOf(tree, nodeAt(tree, root, path)) === null) return undefined
  if (!isReplaceable(current, part))
    return `"${current}" is not ${part === 'image' ? 'an' : 'a'} ${part}`
  if (part !== 'image' && part !== 'name') return undefined
  return repositoryIn(current) === policy.repository || policy.repository === ''
    ? undefined
    : `"${current}" is of another repository than ${formatPolicyId(policy.id)}, which chooses for "${policy.repository}"`
}

/**
 * Knows which entry each scalar belongs to. Two of them for one scalar are an error, once for each
 * two.
 */
function ownersOf({ problems }: Search) {
  const owners = new Map<unknown, Map<string, Entry>>()
  const reported = new Set<string>()
  return {
    /** Whether the scalar belongs to this entry. */
    own(entry: Entry, { resource, path, offset, shared }: FieldTarget, claims: Claims): boolean {
      const { document } = resource
      if (claims.isMarked(document, offset)) return false
      const way = [offset, ...(shared?.aliases ?? []).map(({ start }) => start)].join()
      const known = owners.get(document) ?? new Map<string, Entry>()
      owners.set(document, known)
      const other = known.get(way)
      if (other === undefined) {
        known.set(way, entry)
        return claims.claim(document, offset, shared?.aliases)
      }
      const pair = `${other.place.field} and ${entry.place.field}`
      if (entry.unused || reported.has(pair)) return false
      reported.add(pair)
      const must = `must belong to one entry of \`targets.fields\`, but ${pair} lead to it: tell them apart by \`name\`, \`namespace\` or \`labels\``
      problems.fail(
        new FunctionError('AMBIGUOUS_POLICY', must, placeOf(resource, formatPath(path))),
      )
      return false
    },
  }
}

function reportUnused(entry: Entry, { problems }: Search): void {
  const { field, place, unused, kindIsThere, isSelected, isUsed } = entry
  if (unused || isUsed) return
  if (kindIsThere && !isSelected) {
    const problem = `matches no ${field.kind} of the input: none has its name, namespace and labels`
    problems.warn(problem, place)
  } else {
    problems.warn(`leads to no field of any ${field.kind} of the input`, below(place, 'path'))
  }
}

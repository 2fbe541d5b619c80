import { FunctionError } from '../../errors.ts'
import { formatPath } from '../../field-path.ts'
import type { FieldTarget } from '../../krm/function-config.ts'
import { placeOf, type Resource } from '../../krm/resource.ts'
import { isInSecret } from '../../krm/secret.ts'
import { formatResourceId, type Place } from '../../place.ts'
import type { ImagePolicy } from '../../policy/image-policy.ts'
import { narrowest } from '../../policy/scope.ts'
import { dataOf, textOf } from '../../yaml/tree/value.ts'
import type { Claims } from '../claims.ts'
import { parseSelector, type Selected, type SelectorStep, select } from '../field-selector.ts'
import { nearestPolicy, policiesNamed } from '../policy-name.ts'
import { isReplaceable } from '../replaceable.ts'
import type { Target } from '../target.ts'
import type { NewTargetFinder, Search } from '../target-finder.ts'
import { vetoOf } from '../veto.ts'

/** The fields that `targets.fields` of the functionConfig names. A Secret has none. */
export const configuredFields: NewTargetFinder = search => {
  const { policies, config, problems } = search
  const entries = config.targets.fields.flatMap((field, index) => {
    const place = { resource: config.resource, field: `spec.targets.fields[${index}]` }
    return problems.attempt(() => readEntry(field, place, policies)) ?? []
  })
  const targets: Target[] = []
  return {
    mentions: entries.map(({ field }) => field.kind),
    look(resource, claims) {
      for (const entry of entries)
        if (isOf(resource, entry.field)) targets.push(...targetsOf(entry, resource, search, claims))
    },
    finish() {
      for (const { field, place, isUsed } of entries) {
        const problem = `leads to no field of any ${field.kind} of the input`
        if (!isUsed) problems.warn(problem, below(place, 'path'))
      }
      // a field that is missing has a warning of its own
      return { targets, excused: entries.flatMap(({ named }) => named) }
    },
  }
}

/** An entry of `targets.fields`. */
interface Entry {
  readonly field: FieldTarget
  readonly place: Place
  readonly steps: readonly SelectorStep[]
  /** The policies that it names: several only if they have different scopes. */
  readonly named: readonly ImagePolicy[]
  /** Whether it led to anything. */
  isUsed: boolean
}

const below = (place: Place, key: keyof FieldTarget): Place => ({
  ...place,
  field: `${place.field}.${key}`,
})

function readEntry(field: FieldTarget, place: Place, policies: readonly ImagePolicy[]): Entry {
  const wrong = (key: keyof FieldTarget, must: string) =>
    new FunctionError('BAD_FIELD', must, below(place, key))
  if (field.kind === 'Secret')
    throw wrong('kind', 'must not be Secret: its values are never edited')
  const steps = parseSelector(field.path)
  if (steps === undefined) {
    const examples = 'spec.values.image.tag or spec.apps[name=web].image'
    throw wrong('path', `must be a path such as ${examples}, got "${field.path}"`)
  }
  const named = policiesNamed(field.policy, policies)
  if (named.length === 0) {
    const problem = `must name a policy as <namespace>:<name>, got "${field.policy}"; ${nearestPolicy(field.policy, policies)}`
    throw new FunctionError('UNKNOWN_POLICY', problem, below(place, 'policy'))
  }
  return { field, place, steps, named, isUsed: false }
}

function targetsOf(
  entry: Entry,
  resource: Resource,
  { problems }: Search,
  claims: Claims,
): readonly Target[] {
  const [policy] = narrowest(entry.named, resource)
  if (policy === undefined) return [] // outside its scope
  const { tree, root } = resource.open()
  return select(tree, root, entry.steps).flatMap(selected => {
    entry.isUsed = true
    if (isInSecret(resource, selected.path)) {
      const problem = 'is left alone: values of a Secret are never edited'
      problems.warn(problem, placeOf(resource, formatPath(selected.path)))
      return []
    }
    const target = problems.attempt(() => targetOf(entry, resource, policy, selected))
    if (target === undefined) return []
    const { current = '', part, path, shared, offset } = target
    const isNull = dataOf(tree, selected.node) === null
    if (!isNull && !isReplaceable(current, part)) {
      const problem = `is left alone: "${current}" is not ${articleOf(part)} ${part}`
      problems.warn(problem, placeOf(resource, formatPath(path)))
      return []
    }
    return claims.claim(resource.document, offset, shared?.aliases) ? [target] : []
  })
}

function targetOf(
  { field, place }: Entry,
  resource: Resource,
  policy: ImagePolicy,
  { node, path, aliases }: Selected,
): Target {
  const scalar = node.kind === 'alias' ? node.to : node
  if (scalar.kind !== 'scalar') {
    const problem = `must lead to a scalar, but leads to a ${scalar.kind} in ${formatResourceId(resource.id)}`
    throw new FunctionError('BAD_FIELD', problem, below(place, 'path'))
  }
  const { tree } = resource.open()
  const part = field.part ?? 'image'
  const current = textOf(tree, scalar)
  const veto = vetoOf(resource)
  return {
    resource,
    path,
    offset: scalar.start,
    part,
    current,
    policy,
    pinned: part === 'digest' || (part === 'image' && current.includes('@')),
    ...(veto !== undefined && { veto }),
    ...(tree.aliases.length > 0 && { shared: { node: scalar, aliases } }),
  }
}

const articleOf = (part: string) => (part === 'image' ? 'an' : 'a')

function isOf({ id }: Resource, { group, kind }: FieldTarget): boolean {
  const slash = id.apiVersion.indexOf('/')
  return (
    id.kind === kind &&
    (group === undefined || group === (slash === -1 ? '' : id.apiVersion.slice(0, slash)))
  )
}

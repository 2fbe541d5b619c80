import { FunctionError, type Notice } from '../errors.ts'
import type { FieldTarget, FunctionConfig } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { formatResourceId, type ResourceId } from '../place.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { narrowest } from '../policy/scope.ts'
import { dataOf, textOf } from '../yaml/tree/value.ts'
import { locate, parseFieldPath } from './field-path.ts'
import type { FoundTargets } from './find-targets.ts'
import { handsOffReason } from './hands-off.ts'
import { isReplaceable } from './left-alone.ts'
import { nearestPolicy, policiesNamed } from './policy-name.ts'
import { formatPath, type Target } from './target.ts'

/** The targets of `targets.fields` of the functionConfig. A Secret has none. */
export function findFieldTargets(
  resources: readonly Resource[],
  policies: readonly ImagePolicy[],
  config: FunctionConfig,
): FoundTargets {
  const found = config.targets.fields.map((field, index) => {
    const place = { resource: config.resource, field: `spec.targets.fields[${index}]` }
    return targetsOf(field, place, resources, policies)
  })
  return {
    targets: found.flatMap(({ targets }) => targets),
    errors: found.flatMap(({ errors }) => errors),
    notices: found.flatMap(({ notices }) => notices),
  }
}

function targetsOf(
  field: FieldTarget,
  place: { readonly resource: ResourceId; readonly field: string },
  resources: readonly Resource[],
  policies: readonly ImagePolicy[],
): FoundTargets {
  const at = (key: keyof FieldTarget) => ({ ...place, field: `${place.field}.${key}` })
  const failed = (
    key: keyof FieldTarget,
    problem: string,
    code: 'BAD_FIELD' | 'UNKNOWN_POLICY' = 'BAD_FIELD',
  ): FoundTargets => ({
    targets: [],
    errors: [new FunctionError(code, problem, at(key))],
    notices: [],
  })
  if (field.kind === 'Secret')
    return failed('kind', 'must not be Secret: its values are never edited')
  const steps = parseFieldPath(field.path)
  if (steps === undefined)
    return failed(
      'path',
      `must be a path such as spec.values.image.tag or spec.apps[name=web].image, got "${field.path}"`,
    )
  const named = policiesNamed(field.policy, policies)
  if (named.length === 0) {
    const problem = `must name a policy as <namespace>:<name>, got "${field.policy}"; ${nearestPolicy(field.policy, policies)}`
    return failed('policy', problem, 'UNKNOWN_POLICY')
  }

  const targets: Target[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const part = field.part ?? 'image'
  for (const resource of resources.filter(candidate => isOf(candidate, field))) {
    const [policy] = narrowest(named, resource)
    if (policy === undefined) continue // outside its scope
    const { tree, root } = resource.open()
    const handsOff = handsOffReason(resource)
    for (const { path, node, aliases } of locate(tree, root, steps)) {
      const leaveAlone = (severity: Notice['severity'], why: string) =>
        notices.push({
          severity,
          problem: `is left alone: ${why}`,
          place: placeOf(resource, formatPath(path)),
        })
      const scalar = node.kind === 'alias' ? node.to : node
      if (scalar.kind !== 'scalar') {
        const problem = `must lead to a scalar, but leads to a ${scalar.kind} in ${formatResourceId(resource.id)}`
        errors.push(new FunctionError('BAD_FIELD', problem, at('path')))
        continue
      }
      const current = textOf(tree, scalar)
      if (handsOff !== undefined) leaveAlone('info', handsOff)
      else if (dataOf(tree, scalar) !== null && !isReplaceable(current, part))
        leaveAlone('warning', `"${current}" is no ${part}`)
      else
        targets.push({
          resource,
          path,
          node: scalar,
          ...(tree.aliases.length > 0 && { aliases }),
          current,
          part,
          policy,
          by: 'field',
        })
    }
  }
  if (targets.length === 0 && errors.length === 0 && notices.length === 0)
    notices.push({
      severity: 'warning',
      problem: `leads to no field of any ${field.kind} of the input`,
      place: at('path'),
    })
  return { targets, errors, notices }
}

function isOf({ id }: Resource, { group, kind }: FieldTarget): boolean {
  const slash = id.apiVersion.indexOf('/')
  return (
    id.kind === kind &&
    (group === undefined || group === (slash === -1 ? '' : id.apiVersion.slice(0, slash)))
  )
}

import { FunctionError } from '../errors.ts'
import type { FieldTarget, FunctionConfig } from '../krm/function-config.ts'
import type { Resource } from '../krm/resource.ts'
import { formatResourceId, type ResourceId } from '../place.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { narrowest } from '../policy/scope.ts'
import { textOf } from '../yaml/value.ts'
import { locate, parseFieldPath } from './field-path.ts'
import type { FoundTargets } from './find-targets.ts'
import { nearestPolicy, policiesNamed } from './policy-name.ts'
import type { Target } from './target.ts'

/** The targets of `targets.fields` of the functionConfig. A Secret has none. */
export function findFieldTargets(resources: readonly Resource[], policies: readonly ImagePolicy[], config: FunctionConfig): FoundTargets {
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
  const failed = (key: keyof FieldTarget, problem: string, code: 'BAD_FIELD' | 'UNKNOWN_POLICY' = 'BAD_FIELD'): FoundTargets => ({
    targets: [],
    errors: [new FunctionError(code, problem, at(key))],
    notices: [],
  })
  if (field.kind === 'Secret') return failed('kind', 'must not be Secret: its values are never edited')
  const steps = parseFieldPath(field.path)
  if (steps === undefined)
    return failed('path', `must be a path such as spec.values.image.tag or spec.apps[name=web].image, got "${field.path}"`)
  const named = policiesNamed(field.policy, policies)
  if (named.length === 0) {
    const problem = `must name a policy as <namespace>:<name>, got "${field.policy}"; ${nearestPolicy(field.policy, policies)}`
    return failed('policy', problem, 'UNKNOWN_POLICY')
  }

  const targets: Target[] = []
  const errors: FunctionError[] = []
  for (const resource of resources.filter(candidate => isOf(candidate, field))) {
    const [policy] = narrowest(named, resource)
    if (policy === undefined) continue // outside its scope
    for (const { path, node } of locate(resource.tree, resource.root, steps)) {
      const scalar = node.kind === 'alias' ? node.to : node
      if (scalar.kind === 'scalar') {
        const current = textOf(resource.tree, scalar)
        const alias = node.kind === 'alias' ? { alias: node } : {}
        targets.push({ resource, path, node: scalar, ...alias, current, part: field.part ?? 'image', policy, by: 'field' })
      } else {
        const problem = `must lead to a scalar, but leads to a ${scalar.kind} in ${formatResourceId(resource.id)}`
        errors.push(new FunctionError('BAD_FIELD', problem, at('path')))
      }
    }
  }
  const idle = targets.length === 0 && errors.length === 0
  return {
    targets,
    errors,
    notices: idle ? [{ severity: 'warning', problem: `leads to no field of any ${field.kind} of the input`, place: at('path') }] : [],
  }
}

function isOf({ id }: Resource, { group, kind }: FieldTarget): boolean {
  const slash = id.apiVersion.indexOf('/')
  return id.kind === kind && (group === undefined || group === (slash === -1 ? '' : id.apiVersion.slice(0, slash)))
}

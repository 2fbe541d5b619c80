import { type Fields, fieldsOf } from '../krm/fields.ts'
import { fieldOf, type Resource } from '../krm/resource.ts'
import { folderOf } from './scope.ts'

/**
 * What an `ImageUpdateAutomation` of Flux means for policies: which ones it carries out, and below
 * which folder.
 */
export interface Automation {
  readonly resource: Resource
  /** `spec.update.path`, from the Git root. */
  readonly folder: string
  /** Whether `spec.policySelector` matches these labels. */
  selects(labels: Readonly<Record<string, unknown>>): boolean
}

/** Reads an ImageUpdateAutomation. Throws BAD_FIELD. */
export function readAutomation(resource: Resource): Automation {
  const spec = fieldsOf(
    resource.id,
    (fieldOf(resource, 'spec') as Record<string, unknown> | null | undefined) ?? {},
    'spec',
  )
  const selector = spec.optionalMapping('policySelector')
  const wanted = Object.entries(selector?.optionalMapping('matchLabels')?.value ?? {})
  const expressions = selector?.mappings('matchExpressions').map(readExpression) ?? []
  return {
    resource,
    folder: folderOf(spec.optionalMapping('update')?.optionalString('path') ?? ''),
    selects: labels =>
      wanted.every(([key, value]) => labels[key] === value) &&
      expressions.every(holds => holds(labels)),
  }
}

/**
 * The folders of the automations that carry out an ImagePolicy: those of its own namespace that
 * select its labels. Undefined if there is no such automation. Source:
 * fluxcd/image-automation-controller, internal/controller, d36e2ea.
 */
export function automatedFolders(
  policy: Resource,
  automations: readonly Automation[],
): readonly string[] | undefined {
  const metadata = fieldOf(policy, 'metadata') as
    | { readonly labels?: Readonly<Record<string, unknown>> | null }
    | null
    | undefined
  const own = automations.filter(
    ({ resource, selects }) =>
      (resource.original.namespace === policy.original.namespace ||
        resource.id.namespace === policy.id.namespace) &&
      selects(metadata?.labels ?? {}),
  )
  return own.length === 0 ? undefined : [...new Set(own.map(({ folder }) => folder))].sort()
}

type Expression = (labels: Readonly<Record<string, unknown>>) => boolean

/** One entry of `matchExpressions` of a label selector of Kubernetes. */
function readExpression(fields: Fields): Expression {
  const key = fields.string('key')
  const operator = fields.oneOf('operator', ['In', 'NotIn', 'Exists', 'DoesNotExist'], 'In')
  const values: readonly unknown[] = fields.strings('values')
  if (operator === 'Exists') return labels => labels[key] !== undefined
  if (operator === 'DoesNotExist') return labels => labels[key] === undefined
  if (operator === 'In') return labels => values.includes(labels[key])
  return labels => !values.includes(labels[key])
}

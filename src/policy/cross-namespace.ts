import type { Fields } from '../krm/fields.ts'
import { defaultNamespace, fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import type { ImageRepository } from './flux-objects.ts'

/**
 * Checks whether a policy may use a repository of another namespace. Flux's rule: a repository
 * opens itself to other namespaces by `accessFrom`, whose selectors must match the labels of the
 * policy's Namespace. That object is often not among the items; then the rule can't be checked,
 * which is a warning. `ref` is the policy's reference. Throws BAD_FIELD.
 * Source: fluxcd/pkg, runtime/acl, and reference behaviour of image-reflector-controller.
 */
export function checkAccess(
  policy: Resource,
  { resource: repository, accessFrom }: ImageRepository,
  ref: Fields,
  resources: readonly Resource[],
  problems: Problems,
): void {
  const own = policy.id.namespace ?? defaultNamespace
  const isSameNamespace =
    (repository.id.namespace ?? defaultNamespace) === own ||
    repository.original.namespace === policy.original.namespace
  if (isSameNamespace) return
  const name = `${repository.original.namespace}/${repository.original.name}`
  const mustBeOpen = `must name a repository that namespace "${own}" may use`
  if (accessFrom === undefined)
    throw ref.error(
      'BAD_FIELD',
      `${mustBeOpen}; set \`spec.accessFrom\` of ImageRepository ${name}`,
    )
  if (accessFrom.some(isEmpty)) return // an empty selector matches every namespace

  const namespace = resources.find(
    ({ id }) => id.kind === 'Namespace' && id.apiVersion === 'v1' && id.name === own,
  )
  if (accessFrom.length > 0 && namespace === undefined) {
    problems.warn(
      `names ImageRepository ${name}, whose \`spec.accessFrom\` can't be checked: Namespace "${own}" is not in the input`,
      placeOf(policy, 'spec.imageRepositoryRef'),
    )
    return
  }
  const labels = namespace && labelsOf(namespace)
  const matches = accessFrom.some(selector =>
    Object.entries(selector).every(([key, value]) => labels?.[key] === value),
  )
  if (matches) return
  throw ref.error(
    'BAD_FIELD',
    `${mustBeOpen}; no selector of \`spec.accessFrom\` of ImageRepository ${name} matches the labels of that namespace`,
  )
}

const isEmpty = (labels: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(labels).length === 0

function labelsOf(resource: Resource): Readonly<Record<string, unknown>> {
  const metadata = fieldOf(resource, 'metadata') as
    | { labels?: Readonly<Record<string, unknown>> | null }
    | null
    | undefined
  return metadata?.labels ?? {}
}

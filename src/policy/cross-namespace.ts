import type { Fields } from '../krm/fields.ts'
import { defaultNamespace, fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import type { ImageRepository } from './flux-objects.ts'

/**
 * Checks whether a policy may use a repository of another namespace. Flux's rule: a repository
 * opens itself to other namespaces by `accessFrom`, whose selectors must match the labels of the
 * policy's Namespace. That object is often not among the items; then only the label with its name
 * is known, and a rule that needs others can't be checked, which is a warning. `ref` is the
 * policy's reference. Throws BAD_FIELD. Source: fluxcd/pkg, runtime/acl, and reference behaviour of
 * image-reflector-controller.
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
  const copies = resources.filter(
    ({ id }) => id.kind === 'Namespace' && id.apiVersion === 'v1' && id.name === own,
  )
  // of several copies each may have a part of the labels: Git, and an export of the cluster
  const has = (key: string, value: unknown) =>
    key === nameLabel ? value === own : copies.some(copy => labelsOf(copy)[key] === value)
  const isKnown = (key: string) => copies.length > 0 || key === nameLabel
  const mayMatch = accessFrom.filter(selector =>
    Object.entries(selector).every(([key, value]) => !isKnown(key) || has(key, value)),
  )
  if (mayMatch.some(selector => Object.keys(selector).every(isKnown))) return
  if (mayMatch.length > 0) {
    problems.warn(
      `names ImageRepository ${name}, whose \`spec.accessFrom\` can't be checked: Namespace "${own}" is not in the input`,
      placeOf(policy, 'spec.imageRepositoryRef'),
    )
    return
  }
  throw ref.error(
    'BAD_FIELD',
    `${mustBeOpen}; no selector of \`spec.accessFrom\` of ImageRepository ${name} matches the labels of that namespace`,
  )
}

/**
 * Kubernetes sets this label of every Namespace to its name, whatever its manifest says.
 * Source: kubernetes, well-known labels, `kubernetes.io/metadata.name`.
 */
const nameLabel = 'kubernetes.io/metadata.name'

function labelsOf(resource: Resource): Readonly<Record<string, unknown>> {
  const metadata = fieldOf(resource, 'metadata') as
    | { labels?: Readonly<Record<string, unknown>> | null }
    | null
    | undefined
  return metadata?.labels ?? {}
}

import { fieldOf, type Resource } from '../krm/resource.ts'
import type { ImageRepository } from './flux-objects.ts'

/** Why a policy may not use a repository of another namespace. A warning where the input can't tell. */
export interface CrossNamespaceProblem {
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/**
 * Flux's rule: a repository opens itself to other namespaces by `accessFrom`, whose selectors must match the labels of the
 * policy's Namespace. That object is often not among the items; then nobody here can say.
 * Source: fluxcd/pkg, runtime/acl, and reference behaviour of image-reflector-controller.
 */
export function crossNamespaceProblem(
  policy: Resource,
  { resource: repository, accessFrom }: ImageRepository,
  resources: readonly Resource[],
): CrossNamespaceProblem | undefined {
  const own = policy.id.namespace ?? 'default'
  if (
    (repository.id.namespace ?? 'default') === own ||
    repository.original.namespace === policy.original.namespace
  )
    return undefined
  const name = `${repository.original.namespace}/${repository.original.name}`
  if (accessFrom === undefined) {
    return {
      severity: 'error',
      message: `must name a repository that namespace "${own}" may use; set \`spec.accessFrom\` of ImageRepository ${name}`,
    }
  }
  const namespace = resources.find(
    ({ id }) => id.kind === 'Namespace' && id.apiVersion === 'v1' && id.name === own,
  )
  if (accessFrom.some(labels => Object.keys(labels).length === 0)) return undefined // an empty selector matches every namespace
  if (accessFrom.length > 0 && namespace === undefined) {
    return {
      severity: 'warning',
      message: `names ImageRepository ${name}, whose \`spec.accessFrom\` can't be checked: Namespace "${own}" is not in the input`,
    }
  }
  const labels = namespace && labelsOf(namespace)
  const matches = accessFrom.some(selector =>
    Object.entries(selector).every(([key, value]) => labels?.[key] === value),
  )
  if (matches) return undefined
  return {
    severity: 'error',
    message: `must name a repository that namespace "${own}" may use; no selector of \`spec.accessFrom\` of ImageRepository ${name} matches the labels of that namespace`,
  }
}

function labelsOf(resource: Resource): Readonly<Record<string, unknown>> {
  const metadata = fieldOf(resource, 'metadata') as
    | { labels?: Readonly<Record<string, unknown>> | null }
    | null
    | undefined
  return metadata?.labels ?? {}
}

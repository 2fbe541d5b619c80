import { fieldOf, type Resource } from '../krm/resource.ts'

/** The fields of `spec` that a cluster requires, by kind. */
const required = new Map([
  ['ImageRepository', ['image']],
  ['ImagePolicy', ['imageRepositoryRef', 'policy']],
])

/**
 * Whether a Flux object is a patch, as kustomize has them in folders with policies: it lacks each
 * field that a cluster requires, or some of them while another object of its name has them all.
 * What lacks some of them and is alone is a mistake.
 */
export function isPatch(resource: Resource, others: readonly Resource[]): boolean {
  if (fieldOf(resource, '$patch') !== undefined) return true
  const missing = missingFields(resource)
  if (missing.length === 0 || fieldOf(resource, 'status') !== undefined) return false
  if (missing.length === required.get(resource.id.kind)?.length) return true
  return others.some(other => isSameName(other, resource) && missingFields(other).length === 0)
}

function missingFields(resource: Resource): readonly string[] {
  const spec = fieldOf(resource, 'spec')
  const fields = typeof spec === 'object' && spec !== null ? Object.keys(spec) : []
  return (required.get(resource.id.kind) ?? []).filter(key => !fields.includes(key))
}

/** A patch may leave out the namespace, and has the name from before a prefix was added. */
const isSameName = (object: Resource, patch: Resource): boolean =>
  [object.id.name, object.original.name].includes(patch.id.name) &&
  (patch.id.namespace === undefined ||
    [object.id.namespace, object.original.namespace].includes(patch.id.namespace))

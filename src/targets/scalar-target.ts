import type { Resource } from '../krm/resource.ts'
import { textOf } from '../yaml/tree/value.ts'
import type { Selected } from './field-selector.ts'
import type { ImagePart, Target } from './target.ts'
import { vetoOf } from './veto.ts'
import { nestedWorkloads, type Workload } from './workload.ts'

/** A target whose policy is not known yet. */
export type FieldTarget = Omit<Target, 'policy'> & { readonly current: string }

/**
 * Makes targets of the fields of a resource that paths led to; undefined if such a field is not a
 * scalar.
 */
export function scalarTargets(
  resource: Resource,
): (selected: Selected, part: ImagePart) => FieldTarget | undefined {
  const nestedAt = nestedWorkloads(resource)
  return (selected, part) => scalarTarget(resource, selected, part, nestedAt(selected.path))
}

function scalarTarget(
  resource: Resource,
  { node, path, aliases }: Selected,
  part: ImagePart,
  nested: Workload | undefined,
): FieldTarget | undefined {
  const scalar = node.kind === 'alias' ? node.to : node
  if (scalar.kind !== 'scalar') return undefined
  const { tree } = resource.open()
  const current = textOf(tree, scalar)
  const veto = vetoOf(nested ?? resource)
  return {
    resource,
    path,
    offset: scalar.start,
    part,
    current,
    pinned: part === 'digest' || (part === 'image' && current.includes('@')),
    ...(nested && { workload: nested }),
    ...(veto !== undefined && { veto }),
    ...(tree.aliases.length > 0 && { shared: { node: scalar, aliases } }),
  }
}

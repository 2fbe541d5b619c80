import type { Resource } from '../krm/resource.ts'
import { textOf } from '../yaml/tree/value.ts'
import type { Selected } from './field-selector.ts'
import type { ImagePart, Target } from './target.ts'
import { vetoOf } from './veto.ts'

/** A target whose policy is not known yet. */
export type FieldTarget = Omit<Target, 'policy'> & { readonly current: string }

/** A field that a path led to, as a target; undefined if it is not a scalar. */
export function scalarTarget(
  resource: Resource,
  { node, path, aliases }: Selected,
  part: ImagePart,
): FieldTarget | undefined {
  const scalar = node.kind === 'alias' ? node.to : node
  if (scalar.kind !== 'scalar') return undefined
  const { tree } = resource.open()
  const current = textOf(tree, scalar)
  const veto = vetoOf(resource)
  return {
    resource,
    path,
    offset: scalar.start,
    part,
    current,
    pinned: part === 'digest' || (part === 'image' && current.includes('@')),
    ...(veto !== undefined && { veto }),
    ...(tree.aliases.length > 0 && { shared: { node: scalar, aliases } }),
  }
}

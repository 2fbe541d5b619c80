import { FunctionError } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { Edit } from '../yaml/edits.ts'
import { editEntries } from '../yaml/insert.ts'
import { replaceScalar } from '../yaml/scalar.ts'
import type { Change } from './change.ts'

const annotationsPath = ['metadata', 'annotations'] as const

/**
 * Lowers changes to byte edits of the input: a scalar is replaced, the annotations of one resource are set and removed together.
 * BAD_FIELD for a resource whose annotations can't be edited alone.
 */
export function editsOf(changes: readonly Change[]): { readonly edits: readonly Edit[]; readonly errors: readonly FunctionError[] } {
  const edits: Edit[] = []
  const errors: FunctionError[] = []
  const annotations = new Map<Resource, { set: [string, string][]; remove: string[] }>()
  for (const { resource, node, path, after } of changes) {
    if (node !== undefined && after !== undefined) {
      edits.push(replaceScalar(resource.tree, node, after))
      continue
    }
    const key = String(path.at(-1))
    const { set, remove } = annotations.get(resource) ?? { set: [], remove: [] }
    if (after === undefined) remove.push(key)
    else set.push([key, after])
    annotations.set(resource, { set, remove })
  }
  for (const [resource, entries] of annotations) {
    const lowered = editEntries(resource.tree, resource.root, annotationsPath, entries)
    if (lowered !== undefined) edits.push(...lowered)
    else {
      const problem =
        'must be a mapping of their own to be edited, not one that an alias or a merge key shares; write them out, or set `annotations: false`'
      errors.push(new FunctionError('BAD_FIELD', problem, placeOf(resource, annotationsPath.join('.'))))
    }
  }
  return { edits, errors }
}

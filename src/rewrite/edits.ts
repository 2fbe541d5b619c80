import { FunctionError } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { editEntries } from '../yaml/edit/edit-entries.ts'
import { replaceScalar } from '../yaml/edit/format-scalar.ts'
import type { Edit } from '../yaml/edit/splice.ts'
import type { MappingNode } from '../yaml/tree/node.ts'
import type { Change } from './change.ts'

interface MappingEdit {
  readonly resource: Resource
  readonly root: MappingNode | undefined
  readonly path: readonly string[]
  readonly set: [string, string][]
  readonly remove: string[]
}

/**
 * Lowers changes to byte edits of the input: a scalar is replaced; what one mapping gets and loses is one edit of it.
 * BAD_FIELD for a mapping that can't be edited alone.
 */
export function editsOf(changes: readonly Change[]): {
  readonly edits: readonly Edit[]
  readonly errors: readonly FunctionError[]
} {
  const edits: Edit[] = []
  const errors: FunctionError[] = []
  const mappings = new Map<MappingNode | Resource, Map<string, MappingEdit>>()
  for (const { resource, at, after } of changes) {
    if (at.kind === 'scalar') {
      edits.push(replaceScalar(resource, at, after ?? ''))
      continue
    }
    const below = mappings.get(at.root ?? resource) ?? new Map<string, MappingEdit>()
    const entries = below.get(at.path.join('/')) ?? {
      resource,
      root: at.root,
      path: at.path,
      set: [],
      remove: [],
    }
    if (after === undefined) entries.remove.push(at.key)
    else entries.set.push([at.key, after])
    below.set(at.path.join('/'), entries)
    mappings.set(at.root ?? resource, below)
  }
  for (const { resource, root, path, set, remove } of [...mappings.values()].flatMap(below => [
    ...below.values(),
  ])) {
    const opened = resource.open()
    const lowered = editEntries(opened.tree, root ?? opened.root, path, { set, remove })
    if (lowered !== undefined) edits.push(...lowered)
    else {
      const problem =
        'must be a mapping of its own to be edited, not one that an alias or a merge key shares; write it out, or set `annotations: false`'
      errors.push(new FunctionError('BAD_FIELD', problem, placeOf(resource, path.join('.'))))
    }
    resource.forget()
  }
  return { edits, errors }
}

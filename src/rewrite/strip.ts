import { FunctionError, type Notice } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { holdsInlinePolicies } from '../policy/inline-policies.ts'
import { editEntries } from '../yaml/edit/edit-entries.ts'
import type { Edit } from '../yaml/edit/splice.ts'

/**
 * The edits that remove `spec.imagePolicies` from the Flux Kustomizations that are put out, where the functionConfig asks for it: a
 * cluster knows no such field. BAD_FIELD where the spec can't be edited alone.
 */
export function stripInlinePolicies(
  resources: readonly Resource[],
  { inlinePolicies }: Pick<FunctionConfig, 'inlinePolicies'>,
): {
  readonly edits: readonly Edit[]
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
} {
  const edits: Edit[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const holders =
    inlinePolicies === 'strip'
      ? resources.filter(resource => resource.emitted && holdsInlinePolicies(resource))
      : []
  for (const resource of holders) {
    const place = placeOf(resource, 'spec.imagePolicies')
    const { tree, root } = resource.open()
    const lowered = editEntries(tree, root, ['spec'], { remove: ['imagePolicies'] })
    if (lowered === undefined || lowered.length === 0) {
      const problem =
        'must stand in a mapping of its own to be removed, not in one that an alias or a merge key shares; write it out'
      errors.push(new FunctionError('BAD_FIELD', problem, place))
    } else {
      edits.push(...lowered)
      notices.push({
        severity: 'info',
        problem: 'removed from the output, as `inlinePolicies: strip` says',
        place,
      })
    }
  }
  return { edits, errors, notices }
}

import { FunctionError } from '../errors.ts'
import { placeOf } from '../krm/resource.ts'
import { formatPath, type Target } from './target.ts'

/**
 * The targets without those that stand behind an alias, whose anchor is edited for them. A marker edits its anchor as Flux does,
 * whoever uses it; any other target only when every user of the anchor is governed alike. Else: BAD_FIELD.
 */
export function unshared(targets: readonly Target[]): { readonly targets: readonly Target[]; readonly errors: readonly FunctionError[] } {
  const errors: FunctionError[] = []
  const kept = targets.filter(target => {
    const { node, by, resource, path, policy, part } = target
    if (node?.anchor === undefined) return true
    const users = resource.tree.aliases.filter(({ to }) => to === node)
    if (users.length === 0 || by === 'marker') return target.alias === undefined
    const alike = targets.filter(other => other.node === node && other.policy === policy && other.part === part)
    if (users.every(user => alike.some(({ alias }) => alias === user)) && alike.some(({ alias }) => alias === undefined))
      return target.alias === undefined
    const problem = `must not share its text by the anchor \`&${node.anchor}\` with a field that no policy, or another one, governs; write the image out at each place`
    errors.push(new FunctionError('BAD_FIELD', problem, placeOf(resource, formatPath(path))))
    return false
  })
  return { targets: kept, errors }
}

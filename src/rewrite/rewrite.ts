import type { Notice } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Resolution } from '../resolve/resolution.ts'
import { carriesDigest, type FieldPath, formatPath, type Target } from '../targets/target.ts'
import { type Answered, annotationChanges } from './annotations.ts'
import type { Change } from './change.ts'
import { rewritten } from './images.ts'

/** Turns targets and answers into changes, in the order of the input; a workload's annotations follow its images. */
export function rewrite(
  targets: readonly Target[],
  resolutions: ReadonlyMap<ImagePolicy, Resolution>,
  config: FunctionConfig,
): { readonly changes: readonly Change[]; readonly notices: readonly Notice[] } {
  const changes: Change[] = []
  const notices: Notice[] = []
  const fields = new Map<FieldPath, string>() // fields that are alike share a path
  const fieldOf = (path: FieldPath): string => {
    const known = fields.get(path)
    if (known !== undefined) return known
    const field = formatPath(path)
    fields.set(path, field)
    return field
  }
  const byResource = new Map<Resource, Target[]>()
  for (const target of targets) {
    const others = byResource.get(target.resource)
    if (others === undefined) byResource.set(target.resource, [target])
    else others.push(target)
  }
  for (const [resource, own] of byResource) {
    const answered: Answered[] = []
    for (const target of own) {
      const resolution = resolutions.get(target.policy)
      if (resolution === undefined) continue
      const after = rewritten(target, resolution, config.digests)
      answered.push({ target, resolution, moves: after !== target.current })
      if (after === target.current) continue
      const { path, node, entry, current, policy, part } = target
      const warn = (problem: string) =>
        notices.push({ severity: 'warning', problem, place: placeOf(resource, formatPath(path)) })
      const at =
        node !== undefined && after !== undefined
          ? node
          : entry && ({ kind: 'entry', root: entry, path: [], key: String(path.at(-1)) } as const)
      if (at === undefined) {
        if (current !== '')
          warn(
            `keeps its digest, though none is known for "${resolution.tag}": it may belong to another tag`,
          )
        continue
      }
      changes.push({
        resource,
        field: fieldOf(path),
        at,
        before: current,
        after,
        policy,
        reason: resolution.reason,
      })
      const loses =
        carriesDigest(target) && (part === 'digest' ? after === undefined : !after?.includes('@'))
      if (loses && config.digests !== 'never')
        warn(`loses its digest: none is known for "${resolution.tag}"`)
    }
    if (!config.annotations) continue
    const annotated = annotationChanges(resource, own, answered)
    changes.push(...annotated.changes)
    notices.push(...annotated.notices)
  }
  return { changes, notices }
}

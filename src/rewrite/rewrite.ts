import type { Notice } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Resolution } from '../resolve/resolution.ts'
import { formatPath, type Target } from '../targets/target.ts'
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
  const byResource = new Map<Resource, Answered[]>()
  for (const target of targets) {
    const resolution = resolutions.get(target.policy)
    if (resolution === undefined) continue
    const answered = byResource.get(target.resource)
    if (answered === undefined) byResource.set(target.resource, [{ target, resolution }])
    else answered.push({ target, resolution })
  }
  for (const [resource, answered] of byResource) {
    for (const { target, resolution } of answered) {
      const after = rewritten(target, resolution, config.digests)
      if (after === target.current) continue
      const { path, node, entry, current, policy, part, by } = target
      const at = node !== undefined && after !== undefined ? node : entry && ({ kind: 'entry', root: entry, path: [] } as const)
      if (at === undefined) continue // a digest of its own that is no longer known: what stands there stays
      changes.push({ resource, path, at, before: current, after, policy, reason: resolution.reason })
      const lost = part === 'image' && by !== 'marker' && config.digests !== 'never' && current?.includes('@') && !after?.includes('@')
      if (lost) {
        notices.push({
          severity: 'warning',
          problem: `loses its digest: none is known for "${after}"`,
          place: placeOf(resource, formatPath(path)),
        })
      }
    }
    if (!config.annotations) continue
    const annotated = annotationChanges(resource, answered)
    changes.push(...annotated.changes)
    notices.push(...annotated.notices)
  }
  return { changes, notices }
}

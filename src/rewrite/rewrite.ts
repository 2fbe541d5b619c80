import { formatPath } from '../field-path.ts'
import { groupBy } from '../group-by.ts'
import { parseImageReference } from '../image/reference.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { placeOf } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Problems } from '../problems.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { ImagePart, Target } from '../targets/target.ts'
import { outermost } from '../targets/workload.ts'
import { type Answered, annotationChanges } from './annotations.ts'
import type { Change } from './change.ts'
import { rewritten } from './images.ts'

/**
 * Turns targets and answers into changes, in the order of the input; a workload's annotations
 * follow its images.
 */
export function rewrite(
  targets: readonly Target[],
  resolutions: ReadonlyMap<ImagePolicy, Resolution>,
  config: FunctionConfig,
  problems: Problems,
): readonly Change[] {
  const changes: Change[] = []
  for (const own of groupBy(targets, target => target.resource).values()) {
    const answered: Answered[] = []
    for (const target of own) {
      const resolution = resolutions.get(target.policy)
      const after = resolution ? rewritten(target, resolution, config.digests) : target.current
      if (target.veto !== undefined) reportVeto(target, after, problems)
      if (target.veto !== undefined || resolution === undefined) continue
      const moves = after !== target.current || target.isMisread === true
      answered.push({ target, resolution, moves })
      const change = moves ? changeOf(target, resolution, after, config, problems) : undefined
      if (change !== undefined) changes.push(change)
    }
    if (!config.annotations || !answered.some(isRecorded)) continue
    const free = own.filter(({ veto }) => veto === undefined)
    changes.push(...annotationsOf(free, answered, config, problems))
  }
  return changes
}

/** Whether it is recorded in an annotation: most marked fields are not, and have none to update. */
const isRecorded = ({ target: { container, workload, resource } }: Answered) =>
  container !== undefined || (workload ?? resource).annotations.size > 0

function changeOf(
  { resource, path, offset, part, current, policy, optional, pinned }: Target,
  resolution: Resolution,
  after: string | undefined,
  config: FunctionConfig,
  problems: Problems,
): Change | undefined {
  const { tag, reason } = resolution
  const warn = (problem: string) => problems.warn(problem, placeOf(resource, formatPath(path)))
  if (after === undefined && !optional) {
    if (current !== '')
      warn(`keeps its digest, though none is known for "${tag}": it may belong to another tag`)
    return undefined
  }
  const old = tagIn(part, current)
  const isDowngrade = old !== undefined && old !== tag && resolution.isBelow?.(old) === true
  if (isDowngrade)
    warn(`moves down from "${old}" to "${tag}", which the policy itself orders before it`)
  const isLost = pinned && (part === 'digest' ? after === undefined : !after?.includes('@'))
  if (isLost && config.digests !== 'never') warn(`loses its digest: none is known for "${tag}"`)
  return {
    kind: 'image',
    resource,
    path,
    offset,
    before: current,
    after,
    policy,
    reason,
    ...(isDowngrade && { isDowngrade }),
  }
}

/** The tag in the text of a field. */
function tagIn(part: ImagePart, text: string | undefined): string | undefined {
  if (text === undefined || part === 'digest' || part === 'name') return undefined
  if (part === 'image') return parseImageReference(text)?.tag
  return text.split('@')[0]
}

/**
 * A vetoed target is information; if it would change, stderr gets it too, since kustomize drops
 * results.
 */
function reportVeto(
  { resource, path, current, veto }: Target,
  after: string | undefined,
  problems: Problems,
): void {
  const place = placeOf(resource, formatPath(path))
  const problem = `is left alone: ${veto}`
  if (after === current) problems.inform(problem, place)
  else problems.note(`${problem}; the policy chooses ${JSON.stringify(after)}`, place)
}

function annotationsOf(
  targets: readonly Target[],
  answered: readonly Answered[],
  config: FunctionConfig,
  problems: Problems,
): readonly Change[] {
  const keyOf = ({ workload }: Target) => (workload ? JSON.stringify(workload.path) : '')
  const changes: Change[] = []
  for (const [key, some] of groupBy(answered, ({ target }) => keyOf(target))) {
    const own = targets.filter(target => keyOf(target) === key)
    const [{ target }] = some as [Answered, ...Answered[]]
    const { resource, workload = outermost(resource) } = target
    changes.push(...annotationChanges(workload, own, some, config, problems))
  }
  return changes
}

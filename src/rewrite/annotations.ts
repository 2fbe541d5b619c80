import { type FieldPath, formatPath } from '../field-path.ts'
import { placeOf } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Target } from '../targets/target.ts'
import type { Workload } from '../targets/workload.ts'
import { nodeAt, textOf } from '../yaml/tree/value.ts'
import {
  buildKey,
  buildPrefix,
  containerKey,
  imageKey,
  imageNames,
  tagPrefix,
} from './annotation-keys.ts'
import type { Change } from './change.ts'

/** A target and its answer. */
export interface Answered {
  readonly target: Target
  readonly resolution: Resolution
  /** Whether its text changes. */
  readonly moves: boolean
}

/** What an annotation is set to, and by which policy. */
interface Wanted {
  readonly value: string
  readonly resolution: Resolution
}

/** One value of an image, and the targets that have it. */
interface Recorded {
  readonly target: Target
  readonly resolution: Resolution
  readonly value: string
}

/**
 * What happens to `fluxcd.io/tag.<image-name>` and `fluxcd.io/build.number` of one workload. `targets` are all its governed fields, `answered`
 * those whose policy has an answer. A target without a container only updates an annotation that is already there.
 */
export function annotationChanges(
  workload: Workload,
  targets: readonly Target[],
  answered: readonly Answered[],
  problems: Problems,
): readonly Change[] {
  const names = imageNames(answered.map(({ resolution }) => resolution.policy.repository))
  const isComplete = answered.length === targets.length
  const tags = tagAnnotations(workload, names, answered, isComplete)
  const builds = buildAnnotations(workload, names, answered, isComplete)
  return toChanges(workload, targets, new Map([...tags, ...builds]), problems)
}

/** By key: what it is set to, or the resolution because of which it is removed. */
type AnnotationEdits = ReadonlyMap<string, Wanted | { readonly removedFor: Resolution }>

/** Groups values by the image-name of their repository. */
function byName(
  names: ReadonlyMap<string, string>,
  answered: readonly Answered[],
  valueIn: (resolution: Resolution) => string | undefined,
): ReadonlyMap<string, readonly Recorded[]> {
  const groups = new Map<string, Recorded[]>()
  for (const { target, resolution } of answered) {
    const name = names.get(resolution.policy.repository)
    const value = valueIn(resolution)
    if (name === undefined || value === undefined) continue
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [{ target, resolution, value }])
    else group.push({ target, resolution, value })
  }
  return groups
}

function tagAnnotations(
  { annotations }: Workload,
  names: ReadonlyMap<string, string>,
  answered: readonly Answered[],
  isComplete: boolean,
): AnnotationEdits {
  const edits = new Map<string, Wanted | { readonly removedFor: Resolution }>()
  for (const [name, group] of byName(names, answered, ({ tag, digest }) => tag ?? digest)) {
    const shared = imageKey(tagPrefix, name)
    const ofContainers = [...annotations.keys()].filter(key => key.startsWith(`${shared}_`))
    const isRecorded = (key: string) => annotations.has(shared) || annotations.has(key)
    const values = new Set(group.map(({ value }) => value))
    for (const recorded of group) {
      const key = values.size === 1 ? shared : keyOfContainer(tagPrefix, name, recorded, edits)
      if (key === undefined) continue
      if (recorded.target.container !== undefined || isRecorded(key)) edits.set(key, recorded)
    }
    const stale = values.size === 1 ? ofContainers : [shared, ...ofContainers]
    const [first] = group
    if (!isComplete || first === undefined) continue
    for (const key of stale)
      if (!edits.has(key) && !isImageKeyOf(names, key))
        edits.set(key, { removedFor: first.resolution })
  }
  return edits
}

/** Whether the key is that of an image whose own name has a `_`. */
const isImageKeyOf = (names: ReadonlyMap<string, string>, key: string) =>
  key.includes('_') && [...names.values()].some(name => imageKey(tagPrefix, name) === key)

function keyOfContainer(
  prefix: string,
  name: string,
  { target, resolution }: Recorded,
  taken: ReadonlyMap<string, unknown>,
): string | undefined {
  const container = target.container ?? containerAround(target)
  if (container === undefined) return undefined
  const isTaken = (key: string) => {
    const other = taken.get(key) as Partial<Wanted> | undefined
    const repository = other?.resolution?.policy.repository
    return repository !== undefined && repository !== resolution.policy.repository
  }
  return containerKey(prefix, name, container, isTaken)
}

/** The name of the container whose image a marker marks. */
function containerAround({ resource, path }: Target): string | undefined {
  const { tree, root } = resource.open()
  const name = nodeAt(tree, root, [...path.slice(0, -1), 'name'])
  return name === undefined ? undefined : textOf(tree, name) || undefined
}

/**
 * `build.number` if one build is known, `build.number.<image-name>` if several images have one, `build.number.<image-name>_<container>` if
 * containers of one image differ. Those of markers are written only if one is already there.
 */
function buildAnnotations(
  { annotations }: Workload,
  names: ReadonlyMap<string, string>,
  answered: readonly Answered[],
  isComplete: boolean,
): AnnotationEdits {
  const edits = new Map<string, Wanted | { readonly removedFor: Resolution }>()
  const present = [...annotations.keys()].filter(
    key => key === buildKey || key.startsWith(buildPrefix),
  )
  const recorded = answered.filter(
    ({ target }) => present.length > 0 || target.container !== undefined,
  )
  const groups = byName(names, recorded, ({ build }) => build)
  for (const [name, group] of groups) {
    const values = new Set(group.map(({ value }) => value))
    for (const one of group) {
      const several = groups.size > 1 ? imageKey(buildPrefix, name) : buildKey
      const key = values.size === 1 ? several : keyOfContainer(buildPrefix, name, one, edits)
      if (key !== undefined) edits.set(key, one)
    }
  }
  // a status does not name the build: the number of an image that stays is still right, and so is that of an image without answer
  const stays = answered.every(
    ({ resolution, moves }) => resolution.source !== 'registry' && !moves,
  )
  const [first] = answered
  if (!isComplete || stays || first === undefined) return edits
  for (const key of present) {
    if (!edits.has(key)) edits.set(key, { removedFor: first.resolution })
  }
  return edits
}

const v1Policy = /^(?:semver|glob|regexp?):/

function toChanges(
  workload: Workload,
  targets: readonly Target[],
  edits: AnnotationEdits,
  problems: Problems,
): readonly Change[] {
  const { resource, annotations } = workload
  const changes: Change[] = []
  const governed = new Set(
    targets.filter(({ path }) => path.at(-2) === 'annotations').map(({ path }) => formatPath(path)),
  )
  for (const [key, edit] of edits) {
    const path: FieldPath = [...workload.path, 'metadata', 'annotations', key]
    const before = annotations.get(key)
    const [after, { policy }] =
      'value' in edit ? [edit.value, edit.resolution] : [undefined, edit.removedFor]
    if (before !== undefined && key.startsWith(tagPrefix) && v1Policy.test(before)) {
      if (after === undefined) continue
      const problem = `holds a Flux v1 policy ("${before}"), so the chosen tag "${after}" is not written there`
      problems.inform(problem, placeOf(resource, formatPath(path)))
      continue
    }
    // an annotation that is itself governed is not also ours
    if (before === after || governed.has(formatPath(path))) continue
    changes.push({
      kind: 'annotation',
      resource,
      path,
      before,
      after,
      policy,
      reason: reasonFor(key, after),
    })
  }
  return changes
}

function reasonFor(key: string, after: string | undefined): string {
  const isTag = key.startsWith(tagPrefix)
  if (after === undefined)
    return isTag ? 'no longer names the chosen tag' : 'the build number is no longer known'
  return isTag ? 'names the chosen tag' : 'names the build'
}

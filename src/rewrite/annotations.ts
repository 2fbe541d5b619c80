import { type FieldPath, formatPath } from '../field-path.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import type { Resolution } from '../resolve/resolution.ts'
import { markerMention, parseMarker } from '../targets/marker.ts'
import type { Target } from '../targets/target.ts'
import type { Workload } from '../targets/workload.ts'
import { headComment, lineComment } from '../yaml/tree/comments.ts'
import { nodeAt, textOf } from '../yaml/tree/value.ts'
import {
  buildKey,
  buildPrefix,
  containerKey,
  imageKey,
  imageNames,
  isContainerKey,
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
 * What happens to `fluxcd.io/tag.<image-name>` and `fluxcd.io/build.number` of one workload.
 * `targets` are all its governed fields, `answered` those whose policy has an answer. A target
 * without a container only updates an annotation that is already there.
 */
export function annotationChanges(
  workload: Workload,
  targets: readonly Target[],
  answered: readonly Answered[],
  config: FunctionConfig,
  problems: Problems,
): readonly Change[] {
  const names = imageNames(targets.map(({ policy }) => policy.repository))
  const isComplete = answered.length === targets.length
  const tags = tagAnnotations(workload, names, answered, isComplete)
  const builds = buildAnnotations(workload, names, answered, isComplete)
  const edits = [...inKeyOrder(tags), ...inKeyOrder(builds)]
  return toChanges(workload, targets, edits, config, problems)
}

/** By key: what it is set to, or the resolution because of which it is removed. */
type AnnotationEdits = ReadonlyMap<string, Wanted | { readonly removedFor: Resolution }>

/** So that the order of containers has no effect. */
const inKeyOrder = (edits: AnnotationEdits) => [...edits].sort(([a], [b]) => (a < b ? -1 : 1))

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
  const imageKeys = imageKeysOf(tagPrefix, names)
  // a name such as `app_b` reads like a container of `app`
  const isOfContainer = (name: string, key: string) =>
    !imageKeys.has(key) &&
    isContainerKey(tagPrefix, name, key) &&
    ![...names.values()].some(
      other => other.length > name.length && isContainerKey(tagPrefix, other, key),
    )
  for (const [name, group] of byName(names, answered, ({ tag, digest }) => tag ?? digest)) {
    const shared = imageKey(tagPrefix, name)
    const ofContainers = [...annotations.keys()].filter(key => isOfContainer(name, key))
    const agrees = new Set(group.map(({ value }) => value)).size === 1
    // containers without an answer may have had another tag
    const isShared = agrees && (isComplete || ofContainers.length === 0)
    for (const recorded of group) {
      const { target } = recorded
      const key = isShared ? shared : keyOfContainer(tagPrefix, name, target, imageKeys)
      if (key === undefined) continue
      const isPresent =
        annotations.has(shared) || annotations.has(key) || (isShared && ofContainers.length > 0)
      if (target.container !== undefined || isPresent) edits.set(key, recorded)
    }
    const stale = isShared ? ofContainers : [shared, ...ofContainers]
    const [first] = group
    if (!isComplete || first === undefined) continue
    for (const key of stale) if (!edits.has(key)) edits.set(key, { removedFor: first.resolution })
  }
  return edits
}

/** The keys of the images themselves. */
const imageKeysOf = (prefix: string, names: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set([...names.values()].map(name => imageKey(prefix, name)))

function keyOfContainer(
  prefix: string,
  name: string,
  target: Target,
  imageKeys: ReadonlySet<string>,
): string | undefined {
  const container = target.container ?? containerAround(target)
  return container === undefined ? undefined : containerKey(prefix, name, container, imageKeys)
}

/** The name of the container whose image a marker marks. */
function containerAround({ resource, path }: Target): string | undefined {
  const { tree, root } = resource.open()
  const name = nodeAt(tree, root, [...path.slice(0, -1), 'name'])
  return name === undefined ? undefined : textOf(tree, name) || undefined
}

/**
 * `build.number` if one build is known, `build.number.<image-name>` if several images have one,
 * `build.number.<image-name>_<container>` if containers of one image differ. That of a marked image
 * is written only if it is already there.
 */
function buildAnnotations(
  { annotations }: Workload,
  names: ReadonlyMap<string, string>,
  answered: readonly Answered[],
  isComplete: boolean,
): AnnotationEdits {
  const edits = new Map<string, Wanted | { readonly removedFor: Resolution }>()
  const imageKeys = imageKeysOf(buildPrefix, names)
  const present = [...annotations.keys()].filter(
    key => key === buildKey || key.startsWith(buildPrefix),
  )
  const groups = byName(names, answered, ({ build }) => build)
  const recorded = [...groups.values()].flat()
  const isOnlyMarked = recorded.every(({ target }) => target.container === undefined)
  for (const [name, group] of groups) {
    const ofImage = imageKey(buildPrefix, name)
    const several = groups.size > 1 ? ofImage : buildKey
    const agrees = new Set(group.map(({ value }) => value)).size === 1
    for (const one of group) {
      const key = agrees ? several : keyOfContainer(buildPrefix, name, one.target, imageKeys)
      if (key === undefined) continue
      const isPresent =
        annotations.has(key) || annotations.has(ofImage) || (isOnlyMarked && present.length > 0)
      if (one.target.container !== undefined || isPresent) edits.set(key, one)
    }
  }
  // a status does not name the build: the number of an image that stays is still right, and so is
  // that of an image without answer
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
  edits: Iterable<readonly [string, Wanted | { readonly removedFor: Resolution }]>,
  config: FunctionConfig,
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
    // an annotation that is itself governed, or marked, is not also ours
    if (before === after || governed.has(formatPath(path))) continue
    if (before !== undefined && config.targets.markers && isMarked(resource, path)) continue
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

/** Whether the annotation has a marker, which may name an unknown policy. */
function isMarked(resource: Resource, path: FieldPath): boolean {
  if (resource.document.find(markerMention).length === 0) return false
  const { tree, root } = resource.open()
  const node = nodeAt(tree, root, path)
  const comment =
    node?.kind === 'scalar' ? (lineComment(tree, node) ?? headComment(tree, node)) : undefined
  return comment !== undefined && parseMarker(comment) !== undefined
}

function reasonFor(key: string, after: string | undefined): string {
  const isTag = key.startsWith(tagPrefix)
  if (after === undefined)
    return isTag ? 'no longer names the chosen tag' : 'the build number is no longer known'
  return isTag ? 'names the chosen tag' : 'names the build'
}

import type { Notice } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { Resolution } from '../resolve/resolution.ts'
import { formatPath, type Target } from '../targets/target.ts'
import type { Change } from './change.ts'

const tagPrefix = 'fluxcd.io/tag.'
const buildKey = 'fluxcd.io/build.number'
const annotations = ['metadata', 'annotations'] as const

/** A target and its answer. */
export interface Answered {
  readonly target: Target
  readonly resolution: Resolution
  /** Its text changes. */
  readonly moves: boolean
}

/**
 * What becomes of `fluxcd.io/tag.<image-name>` and `fluxcd.io/build.number` on one workload. `targets` are its governed fields,
 * `answered` those whose policy has an answer; a marked one only brings an annotation up to date that already stands.
 */
export function annotationChanges(
  resource: Resource,
  targets: readonly Target[],
  answered: readonly Answered[],
): { readonly changes: readonly Change[]; readonly notices: readonly Notice[] } {
  // most marked workloads: there is nothing to write and nothing to bring up to date
  if (resource.annotations.size === 0 && answered.every(({ target }) => target.by !== 'repository'))
    return { changes: [], notices: [] }
  const wanted = new Map<string, { readonly value: string; readonly resolution: Resolution }>()
  const notices: Notice[] = []
  const names = imageNames(answered)
  for (const { target, resolution } of answered) {
    const name = names.get(resolution.policy.repository)
    const value = resolution.tag ?? resolution.digest
    if (name === undefined || value === undefined) continue
    const key = keyOf(tagPrefix, name)
    const present = resource.annotations.get(key)
    if (target.by !== 'repository' && present === undefined) continue
    if (present !== undefined && /^(semver|glob|regexp?):/.test(present)) {
      const problem = `holds a Flux v1 policy ("${present}"), so the chosen tag "${value}" is not written there`
      notices.push({
        severity: 'info',
        problem,
        place: placeOf(resource, formatPath(['metadata', 'annotations', key])),
      })
      continue
    }
    wanted.set(key, { value, resolution })
  }
  const standingBuilds = [...resource.annotations.keys()].filter(
    key => key === buildKey || key.startsWith(`${buildKey}.`),
  )
  const builds = buildNumbers(answered, names, standingBuilds.length > 0)
  for (const [key, entry] of builds) wanted.set(key, entry)

  const changes: Change[] = []
  // an annotation that is itself governed is not also ours
  const governed = new Set(
    targets
      .filter(({ path }) => path[0] === 'metadata' && path[1] === 'annotations')
      .map(({ path }) => path[2]),
  )
  const change = (
    key: string,
    after: string | undefined,
    resolution: Resolution,
    reason: string,
  ) => {
    const before = resource.annotations.get(key)
    if (before !== after && !governed.has(key))
      changes.push({
        resource,
        field: formatPath([...annotations, key]),
        at: { kind: 'entry', path: annotations, key },
        before,
        after,
        policy: resolution.policy,
        reason,
      })
  }
  for (const [key, { value, resolution }] of wanted)
    change(
      key,
      value,
      resolution,
      key.startsWith(tagPrefix) ? 'names the chosen tag' : 'names the build',
    )
  // a status does not tell the build: the number of an image that stays is still right; and so is that of an image without answer
  const first = answered[0]
  const isKept =
    answered.length < targets.length ||
    answered.every(({ resolution, moves }) => resolution.source !== 'registry' && !moves)
  for (const key of standingBuilds) {
    if (!wanted.has(key) && first && !isKept)
      change(key, undefined, first.resolution, 'the build number is no longer known')
  }
  return { changes, notices }
}

/** `build.number` where one image knows its build, `build.number.<image-name>` where several do. Those of markers where one is `standing`. */
function buildNumbers(
  answered: readonly Answered[],
  names: ReadonlyMap<string, string>,
  standing: boolean,
): ReadonlyMap<string, { value: string; resolution: Resolution }> {
  const known = new Map<string, { value: string; resolution: Resolution }>()
  for (const { target, resolution } of answered) {
    const name = names.get(resolution.policy.repository)
    if (
      resolution.build !== undefined &&
      name !== undefined &&
      (standing || target.by === 'repository')
    )
      known.set(name, { value: resolution.build, resolution })
  }
  if (known.size === 1) return new Map([...known.values()].map(entry => [buildKey, entry]))
  return new Map([...known].map(([name, entry]) => [keyOf(`${buildKey}.`, name), entry]))
}

/**
 * The image-name of each canonical repository in the workload: its last part; with more of its parts (`team.app`) for a second
 * repository that would collide, where a key has to be cut too.
 */
function imageNames(answered: readonly Answered[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const { resolution } of answered) {
    const { repository } = resolution.policy
    if (names.has(repository)) continue
    const parts = repository.replace(/:\d+\//, '/').split('/')
    for (let count = 1; count <= parts.length; count++) {
      const name = parts
        .slice(-count)
        .join('.')
        .replace(/[^A-Za-z0-9._-]/g, '')
      const cut = keyOf(`${buildKey}.`, name)
      if (taken.has(cut)) continue
      names.set(repository, name)
      taken.add(cut)
      break
    }
  }
  return names
}

/** Cut so that what follows the `/` has at most 63 characters and ends in a letter or digit, as Kubernetes asks of a key's name. */
function keyOf(prefix: string, name: string): string {
  const room = 63 - (prefix.length - 'fluxcd.io/'.length)
  return `${prefix}${name.slice(0, room).replace(/[^A-Za-z0-9]+$/, '')}`
}

import type { Budget } from '../budget.ts'
import type { Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { type ImagePolicy, policyPlace } from './image-policy.ts'

/**
 * A folder below the Git root without `./` and slashes at its ends: `./overlays/prod/` is
 * `overlays/prod`, the root is empty. `..` can't lead above the root.
 */
export function folderOf(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.join('/')
}

/**
 * Whether the policy governs the file that holds the resource. A file that can't be known is in
 * every scope. Throws BAD_INPUT if the work that is left does not allow to compare its folders.
 */
export function inScope(policy: ImagePolicy, resource: Resource, work?: Budget): boolean {
  return depthOf(policy, resource, work) !== undefined
}

/**
 * Of these policies, those in whose scope the resource is, and of them the ones with the deepest
 * folder. Throws BAD_INPUT if the work that is left does not allow to compare their folders.
 */
export function narrowest(
  policies: readonly ImagePolicy[],
  resource: Resource,
  work?: Budget,
): readonly ImagePolicy[] {
  let deepest = 0
  let narrow: ImagePolicy[] = []
  for (const policy of policies) {
    const depth = depthOf(policy, resource, work) ?? -1
    if (depth > deepest) narrow = []
    deepest = Math.max(deepest, depth)
    if (depth === deepest) narrow.push(policy)
  }
  return narrow
}

/**
 * The policies with the scopes that hold for this input. Hosts count an item's path from the root
 * of a package, scopes begin at the Git root: if no item is under any scope, the same number of
 * leading segments is dropped from all scopes, the smallest with which some item is. `read` gives
 * the resources whose bytes contain one of the mentions.
 */
export async function placeScopes(
  policies: readonly ImagePolicy[],
  read: (mentions: readonly string[]) => Promise<readonly Resource[]>,
  problems: Problems,
): Promise<readonly ImagePolicy[]> {
  const folders = policies.flatMap(({ id }) => id.scope ?? [])
  if (folders.every(folder => folder === '')) return policies

  // the path of an item under a folder contains the folder's name, so most inputs do not need a
  // look at the other items
  const likely = filesOf(await read(folders.map(lastSegment)))
  const within = problems.attempt(() =>
    holdsSome(foldersAround(likely, problems.work), folders, 0, problems.work),
  )
  if (within !== false) return policies

  const files = filesOf(await read(['']))
  if (files.length === 0) {
    for (const policy of policies.filter(isNarrow)) informOfUnknownPaths(policy, problems)
    return policies
  }
  const dropped = problems.attempt(() => fewestDropped(files, folders, problems.work))
  if (dropped === undefined) return policies
  for (const policy of policies.filter(isNarrow)) informOfDropped(policy, dropped, problems)
  return policies.map(policy => (policy.id.scope === undefined ? policy : { ...policy, dropped }))
}

const filesOf = (resources: readonly Resource[]) =>
  resources.filter(({ document }) => document.writable).flatMap(resource => fileOf(resource) ?? [])

function fewestDropped(files: readonly string[], folders: readonly string[], work: Budget): number {
  const around = foldersAround(files, work)
  let dropped = 0
  while (!holdsSome(around, folders, dropped, work)) dropped++ // ends when the shortest scope is empty
  return dropped
}

/** A folder, and the folders in it by their names. */
interface Folder {
  readonly inside: Map<string, Folder>
}

/** What one more folder takes, in memory too. */
const folderSteps = 50

/** The root of the folders that hold files; undefined if there is no file. */
function foldersAround(files: readonly string[], work: Budget): Folder | undefined {
  if (files.length === 0) return undefined
  const root: Folder = { inside: new Map() }
  for (const file of files) {
    let folder = root
    for (const name of segmentsOf(file).slice(0, -1)) {
      const known = folder.inside.get(name)
      work.spend(known === undefined ? folderSteps : 1)
      const next = known ?? { inside: new Map() }
      folder.inside.set(name, next)
      folder = next
    }
  }
  return root
}

/** Whether some of the folders, without so many leading segments, holds a file. */
const holdsSome = (
  root: Folder | undefined,
  folders: readonly string[],
  dropped: number,
  work: Budget,
): boolean =>
  root !== undefined &&
  folders.some(path => {
    const names = segmentsOf(path)
    let folder: Folder | undefined = root
    work.spend(1 + names.length)
    for (let index = dropped; index < names.length && folder !== undefined; index++)
      folder = folder.inside.get(names[index] as string)
    return folder !== undefined
  })

const isNarrow = ({ id }: ImagePolicy) => id.scope?.some(folder => folder !== '') === true

function informOfUnknownPaths(policy: ImagePolicy, problems: Problems): void {
  const folders = listed(policy, folder => `"${folder}"`)
  problems.inform(
    `governs images wherever they are, also outside ${folders}: the input does not say which files its items are from`,
    policyPlace(policy),
  )
}

function informOfDropped(policy: ImagePolicy, dropped: number, problems: Problems): void {
  const begins = dropped === 1 ? 'one folder' : `${dropped} folders`
  const folders = listed(policy, folder => {
    const rest = segmentsOf(folder).slice(dropped).join('/')
    return `"${folder}" as ${rest === '' ? 'everything' : `"${rest}"`}`
  })
  problems.inform(
    `its scope is read as if the input began ${begins} below the Git root (${folders}): no item is in a folder that a scope names`,
    policyPlace(policy),
  )
}

/** The first folders of a policy's scope, for a message. */
function listed({ id: { scope = [] } }: ImagePolicy, show: (folder: string) => string): string {
  const more = scope.length - mostFolders
  const shown = scope.slice(0, mostFolders).map(show)
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

const mostFolders = 3

/**
 * How many segments the deepest folder of the policy's scope has that contains the resource; 0 for
 * a policy without scope, undefined for a resource outside.
 */
function depthOf(policy: ImagePolicy, resource: Resource, work?: Budget): number | undefined {
  if (policy.id.scope === undefined) return 0
  const scope = placedScope(policy)
  const known = knownFileOf(resource)
  if (known.scope === scope) return known.depth
  const { folders, steps } = scope
  work?.spend(steps)
  const { file } = known
  let deepest: number | undefined
  for (const { path, depth } of folders)
    if ((file === undefined || liesUnder(file, path)) && depth >= (deepest ?? 0)) deepest = depth
  known.scope = scope
  known.depth = deepest
  return deepest
}

/** The folders of a scope as paths of this input begin. */
interface PlacedScope {
  readonly folders: readonly { readonly path: string; readonly depth: number }[]
  readonly dropped: number
  /** What comparing a file with all of them takes. */
  readonly steps: number
}

/** By the folders as written, which policies of one namespace share. */
const placedScopes = new WeakMap<readonly string[], PlacedScope>()

function placedScope({ id: { scope = [] }, dropped = 0 }: ImagePolicy): PlacedScope {
  const known = placedScopes.get(scope)
  if (known !== undefined && known.dropped === dropped) return known
  const folders = scope.map(folder => ({
    path: dropped === 0 ? folder : withoutFirst(folder, dropped),
    depth: segmentsOf(folder).length,
  }))
  const steps = folders.reduce((sum, { path }) => sum + 2 + (path.length >> 6), 0)
  const placed = { folders, dropped, steps }
  placedScopes.set(scope, placed)
  return placed
}

/**
 * The file of a resource, and the answer to the last question: policies with one scope ask one
 * after the other.
 */
interface KnownFile {
  readonly file: string | undefined
  scope: PlacedScope | undefined
  depth: number | undefined
}

const files = new WeakMap<Resource, KnownFile>()

function knownFileOf(resource: Resource): KnownFile {
  const known = files.get(resource)
  if (known !== undefined) return known
  const found: KnownFile = { file: fileOf(resource), scope: undefined, depth: undefined }
  files.set(resource, found)
  return found
}

/**
 * The file of a resource; undefined if it is unknown, or if its origin is outside (`../base`) or in
 * another repository.
 */
function fileOf({ id, annotations }: Resource): string | undefined {
  if (id.file === undefined) return undefined
  const hasPath =
    annotations.has('config.kubernetes.io/path') ||
    annotations.has('internal.config.kubernetes.io/path')
  const origin = annotations.get('config.kubernetes.io/origin')
  if (!hasPath && origin !== undefined && /^repo:/m.test(origin)) return undefined
  const normal = id.file.replace(/^(?:\.\/+)+/, '')
  return /^\.\.(?:\/|$)/.test(normal) ? undefined : folderOf(normal)
}

const liesUnder = (file: string, folder: string): boolean =>
  folder === '' || (file[folder.length] === '/' && file.startsWith(folder))

const segmentsOf = (folder: string): readonly string[] => (folder === '' ? [] : folder.split('/'))

const withoutFirst = (folder: string, dropped: number): string =>
  segmentsOf(folder).slice(dropped).join('/')

const lastSegment = (folder: string): string => segmentsOf(folder).at(-1) ?? ''

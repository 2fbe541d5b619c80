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
 * every scope.
 */
export function inScope(policy: ImagePolicy, resource: Resource): boolean {
  return depthOf(policy, resource) !== undefined
}

/**
 * Of these policies, those in whose scope the resource is, and of them the ones with the deepest
 * folder.
 */
export function narrowest(
  policies: readonly ImagePolicy[],
  resource: Resource,
): readonly ImagePolicy[] {
  const depths = policies.map(policy => depthOf(policy, resource) ?? -1)
  const deepest = Math.max(0, ...depths)
  return policies.filter((_, index) => depths[index] === deepest)
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
  if (someLiesUnder(likely, folders, 0)) return policies

  const files = filesOf(await read(['']))
  if (files.length === 0) {
    for (const policy of policies.filter(isNarrow)) informOfUnknownPaths(policy, problems)
    return policies
  }
  let dropped = 0
  while (!someLiesUnder(files, folders, dropped)) dropped++ // ends when the shortest scope is empty
  return policies.map(policy => (policy.id.scope === undefined ? policy : { ...policy, dropped }))
}

const filesOf = (resources: readonly Resource[]) =>
  resources.filter(({ document }) => document.writable).flatMap(resource => fileOf(resource) ?? [])

const someLiesUnder = (files: readonly string[], folders: readonly string[], dropped: number) =>
  folders.some(folder => files.some(file => liesUnder(file, withoutFirst(folder, dropped))))

const isNarrow = ({ id }: ImagePolicy) => id.scope?.some(folder => folder !== '') === true

function informOfUnknownPaths(policy: ImagePolicy, problems: Problems): void {
  const folders = policy.id.scope?.map(folder => `"${folder}"`).join(', ')
  problems.inform(
    `governs images wherever they are, also outside ${folders}: the input does not say which files its items are from`,
    policyPlace(policy),
  )
}

/**
 * How many segments the deepest folder of the policy's scope has that contains the resource; 0 for
 * a policy without scope, undefined for a resource outside.
 */
function depthOf({ id, dropped = 0 }: ImagePolicy, resource: Resource): number | undefined {
  if (id.scope === undefined) return 0
  const file = fileOf(resource)
  const around = id.scope.filter(
    folder => file === undefined || liesUnder(file, withoutFirst(folder, dropped)),
  )
  return around.length === 0
    ? undefined
    : Math.max(...around.map(folder => segmentsOf(folder).length))
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
  folder === '' || file.startsWith(`${folder}/`)

const segmentsOf = (folder: string): readonly string[] => (folder === '' ? [] : folder.split('/'))

const withoutFirst = (folder: string, dropped: number): string =>
  segmentsOf(folder).slice(dropped).join('/')

const lastSegment = (folder: string): string => segmentsOf(folder).at(-1) ?? ''

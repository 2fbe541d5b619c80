import type { Place, ResourceId } from '../place.ts'
import type { MappingNode, YamlNode, YamlTree } from '../yaml/node.ts'
import { dataOf, entryOf, textOf } from '../yaml/value.ts'

/** One KRM object of the input: an item, a document of a stream, or an element of a `kind: List`. */
export interface Resource {
  /** Identity as it stands. */
  readonly id: ResourceId
  /** Identity before a host renamed it: what references in other objects still say. `namespace` is `default` where none was given. */
  readonly original: { readonly namespace: string; readonly name: string }
  /** Those that mean something here: of Flux, and where the resource comes from. */
  readonly annotations: ReadonlyMap<string, string>
  /** The input that holds the resource. */
  readonly bytes: Buffer
  /** Its tree. A method, not a getter: with getters of its own each resource would have a shape of its own, which is slow everywhere. */
  open(): ResourceTree
  /** False for what `--policies` brought: it is read and never put out. */
  readonly emitted: boolean
  /** Lets go of the tree; whoever opens it again reads it again. A monorepo has more of them than memory should hold. */
  forget(): void
}

export interface ResourceTree {
  readonly tree: YamlTree
  /** The mapping that is the resource, in the tree. */
  readonly root: MappingNode
}

/** Reads the tree of an item again; undefined where it must be kept, since reading it was slow. */
export type Reread = (() => YamlTree) | undefined

/** The namespace that a missing one stands for. */
export const defaultNamespace = 'default'

/**
 * The resources of a document: itself, or the elements where its kind ends in `List`. A mapping that is not KRM (a values file)
 * is a resource without kind: only its markers count. `file` is said where no annotation says it.
 */
export function resourcesOf(tree: YamlTree, emitted: boolean, file?: string, reread?: Reread): readonly Resource[] {
  const { root } = tree
  if (root?.kind !== 'mapping') return []
  const items = stringAt(tree, root, 'kind')?.endsWith('List') ? entryOf(tree, root, 'items')?.value : undefined
  if (items?.kind !== 'sequence') return [resourceOf(tree, root, emitted, file, reread)]
  // not to be read again: that would read the whole list for each element
  return items.items.flatMap(item => resourcesOf({ ...tree, root: item }, emitted, file))
}

/** One mapping as a resource, whatever of its identity is missing. */
export function resourceOf(tree: YamlTree, root: MappingNode, emitted: boolean, file?: string, reread?: Reread): Resource {
  const metadata = entryOf(tree, root, 'metadata')?.value
  const namespace = stringAt(tree, metadata, 'namespace')
  const name = stringAt(tree, metadata, 'name') ?? ''
  const annotations = annotationsOf(tree, metadata && entryOf(tree, metadata, 'annotations')?.value)
  const path = fileOf(annotations) ?? file
  const index = Number(annotations.get('config.kubernetes.io/index') ?? annotations.get('internal.config.kubernetes.io/index') ?? 0)
  const apiVersion = stringAt(tree, root, 'apiVersion') ?? ''
  const id = {
    apiVersion,
    kind: apiVersion === '' ? '' : (stringAt(tree, root, 'kind') ?? ''),
    name,
    ...(namespace !== undefined && { namespace }),
    ...(path !== undefined && { file: path }),
    ...(path !== undefined && index > 0 && { index }),
  }
  const original = {
    namespace: firstOf(annotations.get('internal.config.kubernetes.io/previousNamespaces')) ?? namespace ?? defaultNamespace,
    name: firstOf(annotations.get('internal.config.kubernetes.io/previousNames')) ?? name,
  }
  let held: ResourceTree | undefined = { tree, root }
  return {
    id,
    original,
    annotations: kept(annotations),
    bytes: tree.bytes,
    emitted,
    open() {
      if (held === undefined && reread !== undefined) {
        const again = reread()
        held = { tree: again, root: again.root as MappingNode }
      }
      return held as ResourceTree
    },
    forget() {
      if (reread !== undefined) held = undefined
    },
  }
}

/** The annotations that anybody here asks for: of Flux, and those by which hosts say where the resource comes from. */
const meaningful = /flux|^(?:internal\.)?config\.kubernetes\.io\/(?:path|index|origin|local-config|previousNames|previousNamespaces)$/

/** Kept with the resource: a path says nothing more than `id.file`, but where there is an origin too. */
function kept(annotations: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const key of annotations.keys()) if (/flux|\/(?:origin|local-config)$/.test(key)) return annotations
  return none
}

const none: ReadonlyMap<string, string> = new Map()

/** The value of the resource at one top-level key, as plain JS. */
export const fieldOf = (resource: Resource, key: string): unknown => {
  const { tree, root } = resource.open()
  return dataOf(tree, entryOf(tree, root, key)?.value)
}

/** The whole resource as plain JS. */
export const wholeValue = (resource: Resource): Readonly<Record<string, unknown>> => {
  const { tree, root } = resource.open()
  return dataOf(tree, root) as Readonly<Record<string, unknown>>
}

/** The place of a field of the resource, for errors and results. */
export const placeOf = ({ id }: Resource, field: string): Place =>
  id.kind === '' ? { field, file: id.file ?? 'stdin' } : { resource: id, field }

/** kpt says the file in `path`, kustomize in `origin` where `buildMetadata` asks for it. */
function fileOf(annotations: ReadonlyMap<string, string>): string | undefined {
  const path = annotations.get('config.kubernetes.io/path') ?? annotations.get('internal.config.kubernetes.io/path')
  if (path !== undefined) return path
  const origin = /^path: *(\S.*?) *$/m.exec(annotations.get('config.kubernetes.io/origin') ?? '')?.[1]
  return origin
}

const firstOf = (list: string | undefined): string | undefined => list?.split(',')[0] || undefined

function stringAt(tree: YamlTree, node: YamlNode | undefined, key: string): string | undefined {
  const value = node && entryOf(tree, node, key)?.value
  return value?.kind === 'alias' || (value?.kind === 'scalar' && value.start < value.end) ? textOf(tree, value) : undefined
}

/** Of duplicate keys the first counts. */
function annotationsOf(tree: YamlTree, node: YamlNode | undefined): ReadonlyMap<string, string> {
  const mapping = node?.kind === 'alias' ? node.to : node
  const texts = new Map<string, string>()
  if (mapping?.kind !== 'mapping') return texts
  for (const { key, value } of mapping.entries) {
    if (value.kind !== 'scalar' && value.kind !== 'alias') continue
    const name = textOf(tree, key)
    if (meaningful.test(name) && !texts.has(name)) texts.set(name, textOf(tree, value))
  }
  return texts
}

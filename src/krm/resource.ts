import type { Place, ResourceId } from '../place.ts'
import type { MappingNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { queryFor } from '../yaml/tree/query.ts'
import { dataOf, entryOf, nodesAt, placeOfText, textOf } from '../yaml/tree/value.ts'

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
export function resourcesOf(
  tree: YamlTree,
  emitted: boolean,
  file?: string,
  reread?: Reread,
): readonly Resource[] {
  const { root } = tree
  if (root?.kind !== 'mapping') return []
  const items = textAt(tree, entryOf(tree, root, 'kind')?.value)?.endsWith('List')
    ? entryOf(tree, root, 'items')?.value
    : undefined
  if (items?.kind !== 'sequence') return [resourceOf(tree, root, emitted, file, reread)]
  // not to be read again: that would read the whole list for each element
  return items.items.flatMap(item => resourcesOf({ ...tree, root: item }, emitted, file))
}

/** What identifies a resource and where it comes from: annotations of hosts name its file, and the names before they changed them. */
const identity = queryFor({
  apiVersion: ['apiVersion'],
  kind: ['kind'],
  namespace: ['metadata', 'namespace'],
  name: ['metadata', 'name'],
  annotations: ['metadata', 'annotations'],
  path: ['metadata', 'annotations', 'config.kubernetes.io/path'],
  internalPath: ['metadata', 'annotations', 'internal.config.kubernetes.io/path'],
  origin: ['metadata', 'annotations', 'config.kubernetes.io/origin'],
  index: ['metadata', 'annotations', 'config.kubernetes.io/index'],
  internalIndex: ['metadata', 'annotations', 'internal.config.kubernetes.io/index'],
  previousNamespaces: [
    'metadata',
    'annotations',
    'internal.config.kubernetes.io/previousNamespaces',
  ],
  previousNames: ['metadata', 'annotations', 'internal.config.kubernetes.io/previousNames'],
  localConfig: ['metadata', 'annotations', 'config.kubernetes.io/local-config'],
})

/** One mapping as a resource, whatever of its identity is missing. */
export function resourceOf(
  tree: YamlTree,
  root: MappingNode,
  emitted: boolean,
  file?: string,
  reread?: Reread,
): Resource {
  const nodes = nodesAt(tree, root, identity)
  const text = (node: YamlNode | undefined): string | undefined => textAt(tree, node)
  const namespace = shared(text(nodes.namespace))
  const name = text(nodes.name) ?? ''
  const path = text(nodes.path) ?? text(nodes.internalPath) ?? originOf(text(nodes.origin)) ?? file
  const index = path === undefined ? 0 : Number(text(nodes.index) ?? text(nodes.internalIndex) ?? 0)
  const apiVersion = shared(text(nodes.apiVersion)) ?? ''
  const id = {
    apiVersion,
    kind: apiVersion === '' ? '' : (shared(text(nodes.kind)) ?? ''),
    name,
    ...(namespace !== undefined && { namespace }),
    ...(path !== undefined && { file: path }),
    ...(index > 0 && { index }),
  }
  const original = {
    namespace: firstOf(text(nodes.previousNamespaces)) ?? namespace ?? defaultNamespace,
    name: firstOf(text(nodes.previousNames)) ?? name,
  }
  return new ReadResource(
    id,
    original,
    annotationsOf(tree, nodes.annotations, nodes.origin ?? nodes.localConfig),
    emitted,
    { tree, root },
    reread,
  )
}

/** A class, since closures would hold on to the tree: a monorepo has fifty thousand of them. */
class ReadResource implements Resource {
  readonly id: ResourceId
  readonly original: Resource['original']
  readonly annotations: ReadonlyMap<string, string>
  readonly bytes: Buffer
  readonly emitted: boolean
  private held: ResourceTree | undefined
  private readonly reread: Reread

  constructor(
    id: ResourceId,
    original: Resource['original'],
    annotations: ReadonlyMap<string, string>,
    emitted: boolean,
    held: ResourceTree,
    reread: Reread,
  ) {
    this.id = id
    this.original = original
    this.annotations = annotations
    this.bytes = held.tree.bytes
    this.emitted = emitted
    this.held = held
    this.reread = reread
  }

  open(): ResourceTree {
    if (this.held === undefined && this.reread !== undefined) {
      const tree = this.reread()
      this.held = { tree, root: tree.root as MappingNode }
    }
    return this.held as ResourceTree
  }

  forget(): void {
    if (this.reread !== undefined) this.held = undefined
  }
}

/** The annotations that anybody here asks for: of Flux, and those by which hosts say where the resource comes from. */
const meaningful =
  /flux|^(?:internal\.)?config\.kubernetes\.io\/(?:path|index|origin|local-config)$/
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

/** The file, where kustomize says where a resource comes from (`buildMetadata: [originAnnotations]`). */
const originOf = (origin: string | undefined): string | undefined =>
  /^path: *(\S.*?) *$/m.exec(origin ?? '')?.[1]

const firstOf = (list: string | undefined): string | undefined => list?.split(',')[0] || undefined

function textAt(tree: YamlTree, value: YamlNode | undefined): string | undefined {
  return value?.kind === 'alias' || (value?.kind === 'scalar' && value.start < value.end)
    ? textOf(tree, value)
    : undefined
}

const texts = new Map<string, string>()

/** One string for all that say the same: every resource has a kind and a namespace, and there are few of them. */
function shared(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const known = texts.get(text)
  if (known !== undefined) return known
  if (texts.size < 1000) texts.set(text, text)
  return text
}

/** None, unless `host` is there or one of Flux may be: a path alone says nothing more than `id.file`. Of duplicate keys the first counts. */
function annotationsOf(
  tree: YamlTree,
  node: YamlNode | undefined,
  host: YamlNode | undefined,
): ReadonlyMap<string, string> {
  const mapping = node?.kind === 'alias' ? node.to : node
  if (mapping?.kind !== 'mapping') return none
  const holds = (text: string) =>
    placeOfText(tree, mapping, text, mapping.start, mapping.end) !== -1
  if (host === undefined && !holds('flux') && !holds('\\')) return none
  const texts = new Map<string, string>()
  for (const { key, value } of mapping.entries) {
    if (value.kind !== 'scalar' && value.kind !== 'alias') continue
    const name = textOf(tree, key)
    if (meaningful.test(name) && !texts.has(name)) texts.set(name, textOf(tree, value))
  }
  return texts
}

import type { Place, ResourceId } from '../place.ts'
import type { ValueSpans } from '../yaml/locate/value-spans.ts'
import type { MappingNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { queryFor } from '../yaml/tree/query.ts'
import { dataOf, entryOf, nodesAt, textOf } from '../yaml/tree/value.ts'
import { kustomizationDefaults } from './kustomization-file.ts'

/** The document that holds a resource, as far as a resource knows it. */
export interface ResourceDocument {
  readonly bytes: Buffer
  /** The file it was read from; absent for stdin. */
  readonly file?: string
  /** False for a document that is only read, such as a file of `--policies`. */
  readonly writable: boolean
  readonly shape: 'ResourceList' | 'stream'
  /** The items of a ResourceList, or the documents of a stream. */
  readonly items: ValueSpans
  /** How the keys of the annotations begin that some part of the program reads. */
  readonly annotationPrefixes: readonly string[]
  /** Where the text is, in bytes: everywhere, or where it begins in `[start, end)`. */
  find(text: string, start?: number, end?: number): readonly number[]
  /** Whether the text begins in `[start, end)`. */
  mentions(text: string, start: number, end: number): boolean
  /** Whether `[start, end)` may hold the key of an annotation that is read. */
  mayHoldAnnotations(start: number, end: number): boolean
}

/**
 * One KRM object of the input: an item, a document of a stream, or an element of a `kind: List`.
 */
export interface Resource {
  /** Identity as it is written. */
  readonly id: ResourceId
  /**
   * Identity before a host renamed it: what references in other objects still use. `namespace` is
   * `default` if none is given.
   */
  readonly original: { readonly namespace: string; readonly name: string }
  /**
   * Those whose keys begin with one of the document's `annotationPrefixes`, and those by which
   * hosts name the file.
   */
  readonly annotations: ReadonlyMap<string, string>
  readonly document: ResourceDocument
  /**
   * Its tree. A document keeps only the tree that was opened last, so whoever looks at one resource
   * after another holds one tree. A method, not a getter: with getters of its own each resource
   * would get a hidden class of its own in V8.
   */
  open(): ResourceTree
}

export interface ResourceTree {
  readonly tree: YamlTree
  /** The mapping that is the resource, in the tree. */
  readonly root: MappingNode
}

/**
 * Reads the tree of a resource again; undefined if the tree must be kept, because reading it was
 * slow.
 */
export type Reopen = ((resource: Resource) => ResourceTree) | undefined

/** The namespace of an object that names none. */
export const defaultNamespace = 'default'

/**
 * The resources of a document: itself, or its elements if its kind ends in `List`. A mapping that
 * is not KRM (a values file) is a resource without kind: only its markers count.
 */
export function resourcesOf(
  tree: YamlTree,
  document: ResourceDocument,
  reopen?: Reopen,
): readonly Resource[] {
  const { root } = tree
  if (root?.kind !== 'mapping') return []
  const listKind = textAt(tree, entryOf(tree, root, 'kind')?.value)
  const items = listKind?.endsWith('List') ? entryOf(tree, root, 'items')?.value : undefined
  if (listKind === undefined || items?.kind !== 'sequence')
    return [resourceOf(tree, root, document, reopen)]
  const apiVersion = textAt(tree, entryOf(tree, root, 'apiVersion')?.value)
  const listed =
    listKind === 'List' || (apiVersion === undefined && listKind !== 'SecretList')
      ? undefined
      : { apiVersion: apiVersion ?? '', kind: listKind.slice(0, -'List'.length) }
  // the trees of elements are kept: reading one again would read the whole list
  return items.items.flatMap(item => {
    const element = { ...tree, root: item }
    return listed === undefined || item.kind !== 'mapping' || hasKind(element, item)
      ? resourcesOf(element, document)
      : [resourceOf(element, item, document, undefined, listed)]
  })
}

/** The API server sends the elements of a list of one kind (`SecretList`) without their kind. */
const hasKind = (tree: YamlTree, item: MappingNode): boolean =>
  /^[A-Z]\w*$/.test(textAt(tree, entryOf(tree, item, 'kind')?.value) ?? '')

/**
 * What identifies a resource and where it comes from: annotations of hosts name its file, and the
 * names before they changed them.
 */
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

/**
 * One mapping as a resource, whatever of its identity is missing. `listed` is what its list says
 * about it.
 */
export function resourceOf(
  tree: YamlTree,
  root: MappingNode,
  document: ResourceDocument,
  reopen?: Reopen,
  listed?: Pick<ResourceId, 'apiVersion' | 'kind'>,
): Resource {
  const nodes = nodesAt(tree, root, identity)
  const text = (node: YamlNode | undefined): string | undefined => textAt(tree, node)
  const namespace = shared(text(nodes.namespace))
  const name = text(nodes.name) ?? ''
  const path =
    text(nodes.path) ?? text(nodes.internalPath) ?? originOf(text(nodes.origin)) ?? document.file
  const index = path === undefined ? 0 : Number(text(nodes.index) ?? text(nodes.internalIndex) ?? 0)
  const [apiVersion, kind] = listed
    ? [listed.apiVersion, listed.kind]
    : [shared(text(nodes.apiVersion)), shared(text(nodes.kind))]
  const defaults =
    apiVersion === undefined || kind === undefined
      ? kustomizationDefaults(tree, root, path)
      : undefined
  const id = {
    apiVersion: apiVersion ?? defaults?.apiVersion ?? '',
    // without an apiVersion it is not a KRM object, whatever its kind
    kind: apiVersion === undefined && defaults === undefined ? '' : (kind ?? defaults?.kind ?? ''),
    name,
    ...(namespace !== undefined && { namespace }),
    ...(path !== undefined && { file: path }),
    ...(index > 0 && { index }),
  }
  const original = {
    namespace: firstOf(text(nodes.previousNamespaces)) ?? namespace ?? defaultNamespace,
    name: firstOf(text(nodes.previousNames)) ?? name,
  }
  const host = nodes.origin ?? nodes.localConfig
  const annotations = annotationsOf(tree, nodes.annotations, document, host)
  return new ReadResource(id, original, annotations, document, { tree, root }, reopen)
}

/** A class, since closures would hold on to the tree: a monorepo has fifty thousand of them. */
class ReadResource implements Resource {
  readonly id: ResourceId
  readonly original: Resource['original']
  readonly annotations: ReadonlyMap<string, string>
  readonly document: ResourceDocument
  private readonly held: ResourceTree | undefined
  private readonly reopen: Reopen

  constructor(
    id: ResourceId,
    original: Resource['original'],
    annotations: ReadonlyMap<string, string>,
    document: ResourceDocument,
    tree: ResourceTree,
    reopen: Reopen,
  ) {
    this.id = id
    this.original = original
    this.annotations = annotations
    this.document = document
    this.held = reopen === undefined ? tree : undefined
    this.reopen = reopen
  }

  open(): ResourceTree {
    return this.held ?? (this.reopen as NonNullable<Reopen>)(this)
  }
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
export function placeOf({ id }: Resource, field: string): Place {
  if (id.kind === '') return { field, file: id.file ?? 'stdin' }
  // a kustomization.yaml has no name
  const isUnnamed = id.kind === 'Kustomization' && id.name === '' && id.file === undefined
  return { resource: id, field, ...(isUnnamed && { file: 'stdin' }) }
}

/**
 * The file, if kustomize records where a resource comes from (`buildMetadata:
 * [originAnnotations]`).
 */
const originOf = (origin: string | undefined): string | undefined =>
  origin
    ?.split('\n')
    .find(line => line.startsWith('path:'))
    ?.slice('path:'.length)
    .trim() || undefined

const firstOf = (list: string | undefined): string | undefined => list?.split(',')[0] || undefined

function textAt(tree: YamlTree, value: YamlNode | undefined): string | undefined {
  return value?.kind === 'alias' || (value?.kind === 'scalar' && value.start < value.end)
    ? textOf(tree, value)
    : undefined
}

const texts = new Map<string, string>()

/**
 * One string for all that say the same: every resource has a kind and a namespace, and there are
 * few of them.
 */
function shared(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const known = texts.get(text)
  if (known !== undefined) return known
  if (texts.size < 1000) texts.set(text, text)
  return text
}

/** By which hosts name the file of a resource, and the objects that never reach a cluster. */
const hostAnnotation = /^(?:internal\.)?config\.kubernetes\.io\/(?:path|index|origin|local-config)$/

/**
 * The annotations in a mapping that begin with one of the document's prefixes, and those of hosts
 * if `host` is there: a path alone tells nothing beyond `id.file`. Of duplicate keys the first
 * counts.
 */
export function annotationsOf(
  tree: YamlTree,
  node: YamlNode | undefined,
  { annotationPrefixes, mayHoldAnnotations }: ResourceDocument,
  host?: YamlNode,
): ReadonlyMap<string, string> {
  const mapping = node?.kind === 'alias' ? node.to : node
  if (mapping?.kind !== 'mapping') return none
  if (host === undefined && !mayHoldAnnotations(mapping.start, mapping.end)) return none
  const texts = new Map<string, string>()
  for (const { key, value } of mapping.entries) {
    if (value.kind !== 'scalar' && value.kind !== 'alias') continue
    const name = textOf(tree, key)
    const isRead =
      annotationPrefixes.some(prefix => name.startsWith(prefix)) || hostAnnotation.test(name)
    if (isRead && !texts.has(name)) texts.set(name, textOf(tree, value))
  }
  return texts
}

import { FunctionError } from '../errors.ts'
import type { FieldPath } from '../field-path.ts'
import { parseImageReference } from '../image/reference.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import {
  type AliasNode,
  type MappingNode,
  maxDepth,
  type ScalarNode,
  type YamlNode,
  type YamlTree,
} from '../yaml/tree/node.ts'
import { firstEntries } from '../yaml/tree/scalars-on-lines.ts'
import {
  aliasProblem,
  dataOf,
  entryOf,
  isMergeKey,
  maxAliased,
  textOf,
} from '../yaml/tree/value.ts'
import { parseSelector, type Selected, select } from './field-selector.ts'
import { imageLists, mergedEntries } from './pod-images.ts'
import type { FieldImage } from './repository-matcher.ts'

/** An image in Helm values, in one scalar or in several. */
export interface ValuesImage extends FieldImage {
  /** A string that holds all of it. */
  readonly image?: ValuesScalar
  readonly tag?: ValuesScalar
  readonly digest?: ValuesScalar
  /** The scalars that name its repository, if they are not `image`. */
  readonly named: readonly ValuesScalar[]
  /** Why it can't be updated, if it can't. */
  readonly problem?: string
  /** Whether the document has aliases, so that other fields may share a scalar. */
  readonly mayBeShared: boolean
}

/** A scalar in Helm values. */
export interface ValuesScalar {
  readonly path: FieldPath
  readonly node: ScalarNode
  /** The aliases on the way there. */
  readonly aliases: readonly AliasNode[]
  /** Empty for null. */
  readonly text: string
  /**
   * Whether a template may see something else than the text, because it is not a string: `1.20` is
   * 1.2, and 20240101 is 2.0240101e+07.
   */
  readonly isMisread: boolean
  /** Whether its key can be removed. */
  readonly isRemovable: boolean
}

/** Where values are: mappings, and lists of `{name, value}` as of `helm --set`. */
interface Roots {
  readonly values: readonly string[]
  readonly parameters: readonly string[]
}

const roots: readonly (readonly [group: string, kind: string, roots: Roots])[] = [
  // fluxcd/helm-controller, api/v2/helmrelease_types.go; fluxcd/helm-operator,
  // pkg/apis/helm.fluxcd.io/v1
  ['helm.toolkit.fluxcd.io', 'HelmRelease', { values: ['spec.values'], parameters: [] }],
  ['helm.fluxcd.io', 'HelmRelease', { values: ['spec.values'], parameters: [] }],
  // argoproj/argo-cd, pkg/apis/application/v1alpha1/types.go
  [
    'argoproj.io',
    'Application',
    {
      values: ['spec.source.helm.valuesObject', 'spec.sources[*].helm.valuesObject'],
      parameters: ['spec.source.helm.parameters', 'spec.sources[*].helm.parameters'],
    },
  ],
]

/** Texts of which every KRM object with Helm values has at least one. */
export const valuesHolders: readonly string[] = ['HelmRelease', 'argoproj.io/']

/**
 * The images in the Helm values of a resource, at any depth: a mapping with `repository` (and
 * `registry`) and `tag` or `digest`, or a string `image`. A resource that is not KRM is a mapping
 * of values itself. Aliases and merge keys are followed; of duplicate keys the first counts, of
 * parameters with one name the last, as in Helm. Throws BAD_INPUT if aliases would make the values
 * too large.
 */
export function findValuesImages(resource: Resource): readonly ValuesImage[] {
  const { tree, root } = resource.open()
  const found: ValuesImage[] = []
  const isKrm = resource.id.kind !== ''
  const own: Roots = isKrm ? rootsOf(resource) : { values: [], parameters: [] }
  const selectedBy = (path: string) => select(tree, root, parseSelector(path) ?? [])
  const mappings = isKrm
    ? own.values.flatMap(selectedBy)
    : [{ path: [], node: root, aliases: [] } satisfies Selected]
  for (const selected of mappings)
    walkMappings(resource, selected, (entries, path) => {
      if (isKrm && isContainer(path) && entries.has('image')) return
      const at = (key: string) => scalarOf(tree, [...path, key], entries.get(key))
      for (const image of imagesIn(resource, path, at)) found.push(image)
    })
  for (const selected of own.parameters.flatMap(selectedBy))
    for (const image of imagesOfParameters(resource, selected)) found.push(image)
  return found
}

function rootsOf({ id: { apiVersion, kind } }: Resource): Roots {
  const known = roots.find(([group, own]) => kind === own && apiVersion.startsWith(`${group}/`))
  return known?.[2] ?? { values: [], parameters: [] }
}

/** Whether the mapping at a path is that of a container, which is found as one. */
const isContainer = (path: FieldPath) =>
  typeof path.at(-1) === 'number' && imageLists.get(String(path.at(-2)))?.length === 1

/** A value, and the aliases on the way there. */
interface Reached {
  readonly value: YamlNode
  readonly aliases: readonly AliasNode[]
}

/** Visits every mapping at or below a node, with its entries by key; not inside a Secret. */
function walkMappings(
  resource: Resource,
  start: Selected,
  found: (entries: ReadonlyMap<string, Reached>, path: FieldPath) => void,
): void {
  const { tree } = resource.open()
  let aliased = 0
  const visit = (value: YamlNode, path: FieldPath, aliases: readonly AliasNode[]): void => {
    if (aliases.length > 0 && (++aliased > maxAliased || aliases.length > maxDepth))
      throw new FunctionError('BAD_INPUT', aliasProblem('it'), placeOf(resource, ''))
    if (value.kind === 'alias') {
      if (!aliases.includes(value)) visit(value.to, path, [...aliases, value]) // not a cycle
    } else if (value.kind === 'sequence') {
      for (const [index, item] of value.items.entries()) visit(item, [...path, index], aliases)
    } else if (value.kind === 'mapping' && !isSecret(tree, value)) {
      const entries = entriesOf(tree, value, aliases)
      found(entries, path)
      for (const [key, inner] of entries)
        if (inner.value.kind !== 'scalar') visit(inner.value, [...path, key], inner.aliases)
    }
  }
  const { node, path, aliases } = start
  if (node.kind === 'alias') visit(node.to, path, aliases)
  else visit(node, path, aliases)
}

const isSecret = (tree: YamlTree, mapping: MappingNode) => {
  const kind = entryOf(tree, mapping, 'kind')?.value
  return kind !== undefined && textOf(tree, kind) === 'Secret'
}

/** The entries of a mapping that count, those of merge keys included. */
function entriesOf(
  tree: YamlTree,
  mapping: MappingNode,
  aliases: readonly AliasNode[],
): ReadonlyMap<string, Reached> {
  const entries = new Map<string, Reached>()
  for (const [name, { key, value }] of firstEntries(tree, mapping))
    if (!isMergeKey(tree, key)) entries.set(name, { value, aliases })
  for (const { alias, entry } of mergedEntries(tree, mapping))
    if (!aliases.includes(alias))
      entries.set(textOf(tree, entry.key), { value: entry.value, aliases: [...aliases, alias] })
  return entries
}

function scalarOf(
  tree: YamlTree,
  path: FieldPath,
  reached: Reached | undefined,
  isRemovable = true,
): ValuesScalar | undefined {
  if (reached === undefined) return undefined
  const { value, aliases } = reached
  const node = value.kind === 'alias' ? value.to : value
  if (node.kind !== 'scalar') return undefined
  const data = dataOf(tree, node)
  const text = data === null ? '' : textOf(tree, node)
  return {
    path,
    node,
    aliases: value.kind === 'alias' ? [...aliases, value] : aliases,
    text,
    isMisread: typeof data !== 'string' && (String(data) !== text || Number(data) >= 1e6),
    isRemovable,
  }
}

/** The images whose parts are at these keys: one in parts, and one in a string. */
function imagesIn(
  resource: Resource,
  path: FieldPath,
  at: (key: string) => ValuesScalar | undefined,
): readonly ValuesImage[] {
  const [repository, image, registry] = [at('repository'), at('image'), at('registry')]
  const isSplit = registry !== undefined && registry.text !== ''
  const mayBeShared = resource.open().tree.aliases.length > 0
  const isString = image !== undefined && !isSplit && isWhole(image.text)
  const string: ValuesImage[] = isString
    ? [{ resource, path: image.path, spelled: image.text, image, named: [], mayBeShared }]
    : []
  const named = repository ?? (isString ? undefined : image)
  if (named === undefined || named.text === '') return string
  const [tag, digest] = [at('tag'), at('digest')]
  const problem = partsProblem(named, tag, digest)
  const parts: ValuesImage = {
    resource,
    path: repository === undefined && tag === undefined ? named.path : path,
    spelled: isSplit ? `${registry.text.replace(/\/$/, '')}/${named.text}` : named.text,
    named: isSplit ? [registry, named] : [named],
    mayBeShared,
    ...(tag && { tag }),
    ...(digest && { digest }),
    ...(problem !== undefined && { problem }),
  }
  return [...string, parts]
}

/**
 * Whether a text is more than a repository: it has a tag or a digest, or a placeholder, which can
 * stand for anything.
 */
function isWhole(text: string): boolean {
  const reference = parseImageReference(text)
  return reference === undefined || reference.tag !== undefined || reference.digest !== undefined
}

function partsProblem(
  named: ValuesScalar,
  tag: ValuesScalar | undefined,
  digest: ValuesScalar | undefined,
): string | undefined {
  const reference = parseImageReference(named.text)
  if (reference?.tag !== undefined || reference?.digest !== undefined)
    return 'the field of its repository holds a tag or a digest'
  if (tag !== undefined || (digest !== undefined && digest.text !== '')) return undefined
  return 'it has no `tag` beside it, so the chart chooses one; to have it updated, add `tag: ""`'
}

/**
 * The images of `{name: image.repository, value: …}`, `{name: image.tag, value: …}` and the like.
 */
function imagesOfParameters(
  resource: Resource,
  { node, path, aliases }: Selected,
): readonly ValuesImage[] {
  const { tree } = resource.open()
  const list = node.kind === 'alias' ? node.to : node
  if (list.kind !== 'sequence') return []
  const groups = new Map<string, Map<string, ValuesScalar>>()
  for (const [index, item] of list.items.entries()) {
    const above = item.kind === 'alias' ? [...aliases, item] : aliases
    const name = entryOf(tree, item, 'name')?.value
    const value = entryOf(tree, item, 'value')?.value
    if (name === undefined || value === undefined) continue
    const scalar = scalarOf(tree, [...path, index, 'value'], { value, aliases: above }, false)
    const text = textOf(tree, name)
    const dot = text.lastIndexOf('.')
    const [prefix, key] = [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)]
    const group = groups.get(prefix) ?? new Map<string, ValuesScalar>()
    groups.set(prefix, group)
    if (scalar !== undefined) group.set(key, scalar)
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group.values()
    return imagesIn(resource, first?.path ?? path, key => group.get(key))
  })
}

import { FunctionError } from '../errors.ts'
import type { FieldPath } from '../field-path.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import {
  type AliasNode,
  type MappingNode,
  maxDepth,
  type YamlNode,
  type YamlTree,
} from '../yaml/tree/node.ts'
import { firstEntries } from '../yaml/tree/scalars-on-lines.ts'
import { aliasProblem, entryOf, isMergeKey, maxAliased, textOf } from '../yaml/tree/value.ts'
import { parseSelector, type Selected, select } from './field-selector.ts'
import { imagesOfParameters } from './helm-parameters.ts'
import { imageLists, mergedEntries } from './pod-images.ts'
import { imagesIn, type Reached, scalarOf, type ValuesImage } from './values-image.ts'

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

import { FunctionError } from '../errors.ts'
import type { FieldPath } from '../field-path.ts'
import { imageNameOf } from '../image/repository.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { listKeysFor } from '../yaml/tree/list-keys.ts'
import type {
  AliasNode,
  MappingEntry,
  MappingNode,
  ScalarNode,
  SequenceNode,
  YamlNode,
  YamlTree,
} from '../yaml/tree/node.ts'
import { queryFor } from '../yaml/tree/query.ts'
import { firstEntries } from '../yaml/tree/scalars-on-lines.ts'
import { sequencesBelow } from '../yaml/tree/sequences-below.ts'
import {
  aliasProblem,
  entryOf,
  isMergeKey,
  maxAliased,
  nodesAt,
  textOf,
} from '../yaml/tree/value.ts'

/** An image of a pod: of a container, or of an image volume. */
export interface PodImage {
  readonly path: FieldPath
  readonly node: ScalarNode
  /** The aliases on the way there. Absent if the document has no alias at all. */
  readonly aliases?: readonly AliasNode[]
  readonly text: string
  /** The container's name, or the volume's. */
  readonly name: string
}

/** Keys whose sequences hold images, and where in an element. */
export const imageLists: ReadonlyMap<string, readonly string[]> = new Map<
  string,
  readonly string[]
>([
  ['containers', ['image']],
  ['initContainers', ['image']],
  ['ephemeralContainers', ['image']],
  ['volumes', ['image', 'reference']],
])
const imageListKeys = listKeysFor([...imageLists.keys()])
const keyLengths = new Set(imageListKeys.names.map(key => key.length))

/** Kinds whose `containers` are a schema, a secret or a policy, never a pod. */
const withoutPods = new Set([
  'CustomResourceDefinition',
  'Secret',
  'ImagePolicy',
  'ImageRepository',
  'ImageUpdateAutomation',
  'ImagePolicyLock',
])

/** Looking for one key among more costs so much that all are looked at once. */
const manyKeys = 100

/** A collection on the way, and where it is in its parent. */
interface Step {
  readonly parent: YamlNode
  readonly step: YamlNode | number
  readonly value: YamlNode
}

/**
 * The images of every pod spec in the resource, a Pod's own or a template's at any depth, of any
 * kind. Found by shape: a sequence of mappings under `containers`, `initContainers` or
 * `ephemeralContainers` with a string `image`; `volumes` with `image.reference`. Aliases and merge
 * keys are followed; of duplicate keys the first counts; what is not KRM has none. Throws BAD_INPUT
 * if aliases would make the resource too large.
 */
export function findPodImages(resource: Resource): readonly PodImage[] {
  if (resource.id.kind === '' || withoutPods.has(resource.id.kind)) return []
  const { tree, root } = resource.open()
  if (tree.aliases.length === 0)
    return sequencesBelow(tree, root, imageListKeys).flatMap(({ path, node }) =>
      imagesIn(tree, path, node),
    )
  const images: PodImage[] = []
  const above: Step[] = []
  const crossed: AliasNode[] = []
  let aliased = 0
  const through = (alias: AliasNode, look: () => void) => {
    if (crossed.includes(alias)) return // a cycle
    crossed.push(alias)
    look()
    crossed.pop()
  }

  const visit = (node: YamlNode): void => {
    if (crossed.length > 0 && ++aliased > maxAliased)
      throw new FunctionError('BAD_INPUT', aliasProblem('it'), placeOf(resource, ''))
    if (node.kind === 'alias') through(node, () => visit(node.to))
    else if (node.kind === 'sequence') {
      for (let index = 0; index < node.items.length; index++)
        descend(node, index, node.items[index] as YamlNode)
    } else if (node.kind === 'mapping') {
      for (const { key, value } of node.entries)
        if (!isMergeKey(tree, key)) descend(node, key, value)
      for (const { alias, entry } of mergedEntries(tree, node))
        through(alias, () => descend(alias, entry.key, entry.value))
    }
  }
  const descend = (parent: YamlNode, step: YamlNode | number, value: YamlNode): void => {
    if (value.kind === 'scalar' || (value.kind === 'alias' && value.to.kind === 'scalar')) return
    above.push({ parent, step, value })
    if (typeof step !== 'number' && mayNameImages(step)) {
      const field = imageLists.get(textOf(tree, step))
      if (field !== undefined && above.every(isFirst)) list(value, field)
    }
    visit(value)
    above.pop()
  }
  const firsts = new Map<YamlNode, ReadonlyMap<string, MappingEntry> | undefined>()
  const firstEntry = (parent: YamlNode, key: string): MappingEntry | undefined => {
    const mapping = parent.kind === 'alias' ? parent.to : parent
    if (mapping.kind === 'mapping' && !firsts.has(mapping)) {
      firsts.set(
        mapping,
        mapping.entries.length > manyKeys ? firstEntries(tree, mapping) : undefined,
      )
    }
    const known = firsts.get(mapping)
    return known === undefined ? entryOf(tree, mapping, key) : known.get(key)
  }
  const isFirst = ({ parent, step, value }: Step) =>
    typeof step === 'number' || firstEntry(parent, textOf(tree, step))?.value === value
  const list = (value: YamlNode, field: readonly string[]): void => {
    if (value.kind === 'alias') through(value, () => list(value.to, field))
    if (value.kind !== 'sequence') return
    const path = above.map(({ step }) => (typeof step === 'number' ? step : textOf(tree, step)))
    for (const [index, item] of value.items.entries()) {
      const image = imageIn(tree, item, field)
      if (image === undefined) continue
      const { text, name, node, aliases } = image
      images.push({
        path: [...path, index, ...field],
        node,
        text,
        name,
        aliases: [...crossed, ...aliases],
      })
    }
  }
  visit(root)
  return images
}

/** The images of a list, if the document has no alias. */
function imagesIn(tree: YamlTree, path: FieldPath, list: SequenceNode): readonly PodImage[] {
  const field = imageLists.get(path.at(-1) as string) ?? []
  const query = field.length === 1 ? imageAndName : referenceAndName
  return list.items.flatMap((item, index) => {
    if (item.kind !== 'mapping') return []
    const { image: node, name } = nodesAt(tree, item, query)
    if (node?.kind !== 'scalar' || node.start === node.end) return []
    const text = textOf(tree, node)
    return [
      {
        path: pathTo(path, index, field),
        node,
        text,
        name: name === undefined ? imageNameOf(text) : textOf(tree, name),
      },
    ]
  })
}

const pathsBelow = new WeakMap<FieldPath, FieldPath[]>()

/** The path to an image in the list at a path: one for all lists at that path, which are many. */
function pathTo(list: FieldPath, index: number, field: readonly string[]): FieldPath {
  const known = pathsBelow.get(list) ?? []
  pathsBelow.set(list, known)
  const path = known[index] ?? [...list, index, ...field]
  known[index] = path
  return path
}

const imageAndName = queryFor({ image: ['image'], name: ['name'] })
const referenceAndName = queryFor({ image: ['image', 'reference'], name: ['name'] })

/** By its length: most keys need not be decoded. */
const mayNameImages = (key: YamlNode) =>
  key.kind !== 'scalar' || key.style !== 'plain' || keyLengths.has(key.end - key.start)

function imageIn(
  tree: YamlTree,
  item: YamlNode,
  field: readonly string[],
): (Omit<PodImage, 'path'> & { aliases: AliasNode[] }) | undefined {
  const aliases: AliasNode[] = []
  const resolved = (node: YamlNode | undefined): YamlNode | undefined => {
    if (node?.kind !== 'alias') return node
    aliases.push(node)
    return node.to
  }
  let node = resolved(item)
  for (const key of field) {
    if (node?.kind !== 'mapping') return undefined
    const own = entryOf(tree, node, key)
    const merged = own
      ? undefined
      : mergedEntries(tree, node).find(({ entry }) => textOf(tree, entry.key) === key)
    if (merged) aliases.push(merged.alias)
    node = resolved((own ?? merged?.entry)?.value)
  }
  if (node?.kind !== 'scalar' || node.start === node.end) return undefined
  const nameNode = entryOf(tree, item, 'name')?.value
  const text = textOf(tree, node)
  return {
    node,
    aliases,
    text,
    name: nameNode === undefined ? imageNameOf(text) : textOf(tree, nameNode),
  }
}

/**
 * What merge keys bring into a mapping that has no such key of its own, by the alias that brings
 * it.
 */
export function mergedEntries(
  tree: YamlTree,
  mapping: MappingNode,
): readonly { readonly alias: AliasNode; readonly entry: MappingEntry }[] {
  const merges =
    tree.aliases.length === 0 ? [] : mapping.entries.filter(({ key }) => isMergeKey(tree, key))
  const sources = merges.flatMap(({ value }) => (value.kind === 'sequence' ? value.items : [value]))
  const known = new Set(
    merges.length === 0 ? [] : mapping.entries.map(({ key }) => textOf(tree, key)),
  )
  return sources.flatMap(alias => {
    if (alias.kind !== 'alias' || alias.to.kind !== 'mapping') return []
    const brought = alias.to.entries.filter(({ key }) => !known.has(textOf(tree, key)))
    for (const { key } of brought) known.add(textOf(tree, key))
    return brought.map(entry => ({ alias, entry }))
  })
}

import { imageNameOf } from '../image/repository.ts'
import type { Resource } from '../krm/resource.ts'
import type { AliasNode, ScalarNode, YamlNode, YamlTree } from '../yaml/node.ts'
import { entryOf, textOf } from '../yaml/value.ts'
import type { FieldPath } from './target.ts'

/** An image of a pod: of a container, or of an image volume. */
export interface PodImage {
  readonly path: FieldPath
  readonly node: ScalarNode
  /** Where an alias stands there: `node` is then its anchor. */
  readonly alias?: AliasNode
  readonly text: string
  /** The container's name, or the volume's. */
  readonly name: string
}

const containerLists = new Set(['containers', 'initContainers', 'ephemeralContainers'])

/** Kinds whose `containers` are a schema, a secret or a policy, never a pod. */
const withoutPods = new Set([
  'CustomResourceDefinition',
  'Secret',
  'ImagePolicy',
  'ImageRepository',
  'ImageUpdateAutomation',
  'ImagePolicyLock',
])

/**
 * The images of every pod spec in the resource, a Pod's own or a template's at any depth, of any kind. Found by shape: a sequence
 * of mappings under `containers`, `initContainers` or `ephemeralContainers` with a string `image`; `volumes` with `image.reference`.
 */
export function findPodImages(resource: Resource): readonly PodImage[] {
  if (withoutPods.has(resource.id.kind)) return []
  const images: PodImage[] = []
  const visit = (node: YamlNode, path: FieldPath): void => {
    if (node.kind === 'sequence') {
      for (const [index, item] of node.items.entries()) visit(item, [...path, index])
    } else if (node.kind === 'mapping') {
      for (const { key, value } of node.entries) {
        if (key.kind !== 'scalar' || value.kind === 'scalar' || value.kind === 'alias') continue
        const name = textOf(resource.tree, key)
        const inner = [...path, name]
        if (value.kind === 'sequence') {
          if (containerLists.has(name)) images.push(...imagesIn(resource.tree, value.items, inner, ['image']))
          else if (name === 'volumes') images.push(...imagesIn(resource.tree, value.items, inner, ['image', 'reference']))
        }
        visit(value, inner)
      }
    }
  }
  visit(resource.root, [])
  return images
}

function imagesIn(tree: YamlTree, items: readonly YamlNode[], path: FieldPath, field: readonly string[]): readonly PodImage[] {
  return items.flatMap((item, index) => {
    let node: YamlNode | undefined = item
    for (const key of field) node = node?.kind === 'mapping' ? entryOf(tree, node, key)?.value : undefined
    const scalar = node?.kind === 'alias' ? node.to : node
    if (scalar?.kind !== 'scalar' || scalar.start === scalar.end) return []
    const nameNode = entryOf(tree, item, 'name')?.value
    const text = textOf(tree, scalar)
    const name = nameNode === undefined ? imageNameOf(text) : textOf(tree, nameNode)
    return [{ path: [...path, index, ...field], node: scalar, ...(node?.kind === 'alias' && { alias: node }), text, name }]
  })
}

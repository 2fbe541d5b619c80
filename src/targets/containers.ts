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

/** Keys whose sequences hold images, and where in an element. */
const imageLists = new Map<string, readonly string[]>([
  ['containers', ['image']],
  ['initContainers', ['image']],
  ['ephemeralContainers', ['image']],
  ['volumes', ['image', 'reference']],
])
const keyLengths = new Set([...imageLists.keys()].map(key => key.length))

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
  const { tree, root } = resource
  const images: PodImage[] = []
  const above: (YamlNode | number)[] = []
  const pathHere = () => above.map(step => (typeof step === 'number' ? step : textOf(tree, step)))
  const visit = (node: YamlNode): void => {
    if (node.kind === 'sequence') {
      for (let index = 0; index < node.items.length; index++) descend(index, node.items[index] as YamlNode)
    } else if (node.kind === 'mapping') {
      for (const { key, value } of node.entries) descend(key, value)
    }
  }
  const descend = (step: YamlNode | number, value: YamlNode): void => {
    if (value.kind === 'scalar' || value.kind === 'alias') return
    above.push(step)
    if (value.kind === 'sequence' && typeof step !== 'number' && mayNameImages(step)) {
      const field = imageLists.get(textOf(tree, step))
      if (field !== undefined) images.push(...imagesIn(tree, value.items, pathHere(), field))
    }
    visit(value)
    above.pop()
  }
  visit(root)
  return images
}

/** By its length: most keys need not be decoded. */
const mayNameImages = (key: YamlNode) => key.kind !== 'scalar' || key.style !== 'plain' || keyLengths.has(key.end - key.start)

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

import { canonicalRepository } from '../image/repository.ts'
import type { Resource } from '../krm/resource.ts'
import type { MappingNode } from '../yaml/tree/node.ts'
import { entryOf, nodeAt, textOf } from '../yaml/tree/value.ts'
import type { FieldPath } from './target.ts'

/** An entry of `images` of a kustomization, which sets the tag and digest of the images of that name. */
export interface ImagesEntry {
  readonly resource: Resource
  readonly path: FieldPath
  readonly entry: MappingNode
  /** What the manifests say: the name of the images that the entry covers, which kustomize compares as it is spelled. */
  readonly covers: string
  /** What runs, canonical: `newName`, or `name`. */
  readonly repository: string
}

/** Whether the resource can have such entries. */
export const isKustomization = ({ id }: Resource): boolean =>
  id.kind === 'Kustomization' || id.kind === 'Component'

/** The entries of `images` in a `kustomization.yaml`, and of `spec.images` in a Flux Kustomization. */
export function findImagesEntries(resource: Resource): readonly ImagesEntry[] {
  const { id } = resource
  const { tree, root } = resource.open()
  const path = id.apiVersion.startsWith('kustomize.config.k8s.io/')
    ? ['images']
    : id.apiVersion.startsWith('kustomize.toolkit.fluxcd.io/')
      ? ['spec', 'images']
      : []
  const node = path.length > 0 ? nodeAt(tree, root, path) : undefined
  if (node?.kind !== 'sequence') return []
  return node.items.flatMap((item, index) => {
    if (item.kind !== 'mapping') return []
    const text = (key: string) => {
      const value = entryOf(tree, item, key)?.value
      return value && textOf(tree, value)
    }
    const name = text('name')
    if (!name) return []
    return {
      resource,
      path: [...path, index],
      entry: item,
      covers: name,
      repository: canonicalRepository(text('newName') || name),
    }
  })
}

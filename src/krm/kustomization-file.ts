import type { MappingNode, YamlTree } from '../yaml/tree/node.ts'
import { entryOf } from '../yaml/tree/value.ts'

/**
 * The names by which kustomize finds its own file. Source: kustomize, api/konfig/general.go,
 * RecognizedKustomizationFileNames.
 */
const fileName = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/

/**
 * What kustomize assumes in a file that leaves them out. Source: kustomize,
 * api/types/kustomization.go, FixKustomizationPostUnmarshal.
 */
const defaults = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' }

/** What an entry of `images` can hold beside its name. */
const imageKeys = ['newTag', 'newName', 'digest', 'tagSuffix']

/**
 * `apiVersion` and `kind` of a kustomization that leaves them out, as it may: by the name of its
 * file; if no file is known (a stream), by its `images`. Undefined for any other mapping.
 */
export function kustomizationDefaults(
  tree: YamlTree,
  root: MappingNode,
  file: string | undefined,
): typeof defaults | undefined {
  const isKustomization = file === undefined ? hasImages(tree, root) : fileName.test(file)
  return isKustomization ? defaults : undefined
}

function hasImages(tree: YamlTree, root: MappingNode): boolean {
  const images = entryOf(tree, root, 'images')?.value
  if (images?.kind !== 'sequence' || images.items.length === 0) return false
  return images.items.every(
    item =>
      entryOf(tree, item, 'name') !== undefined &&
      imageKeys.some(key => entryOf(tree, item, key) !== undefined),
  )
}

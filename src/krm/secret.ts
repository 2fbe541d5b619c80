import type { FieldPath } from '../field-path.ts'
import type { MappingNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { isMergeKey, mergedNodes, nodeAt, textOf } from '../yaml/tree/value.ts'
import type { Resource } from './resource.ts'

/**
 * Whether a field belongs to a Secret, whose values are never edited and never shown: the resource
 * is one, or an object around the field is, however its kind is written (`kind: "Secret"`, in a
 * merged mapping, without an apiVersion). An empty path asks for the resource itself.
 */
export function isInSecret(resource: Resource, path: FieldPath): boolean {
  if (isSecretKind(resource.id.kind)) return true
  const { tree, root } = resource.open()
  if (!secretTexts.some(text => resource.document.mentions(text, root.start, root.end)))
    return false
  let node: YamlNode | undefined = root
  for (let depth = 0; ; depth++) {
    const object: YamlNode | undefined = node?.kind === 'alias' ? node.to : node
    if (object === undefined) return false
    if (object.kind === 'mapping' && namesSecret(tree, object)) return true
    const step = path[depth]
    if (step === undefined) return false
    node = nodeAt(tree, object, [step])
  }
}

/** Of which every spelling of the kind has one: few resources mention a Secret at all. */
export const secretTexts: readonly string[] = ['cret', 'CRET']

/** Kubernetes knows only one spelling; a mistyped Secret holds secrets all the same. */
const isSecretKind = (kind: string): boolean => /^\s*secret(?:list)?\s*$/i.test(kind)

/** Of duplicate keys one is enough: which of them counts depends on the reader. */
function namesSecret(tree: YamlTree, { entries }: MappingNode): boolean {
  return entries.some(({ key, value }) => {
    if (isMergeKey(tree, key))
      return mergedNodes(value).some(
        merged => merged.kind === 'mapping' && hasSecretKind(tree, merged),
      )
    return isKind(tree, key, value)
  })
}

const hasSecretKind = (tree: YamlTree, { entries }: MappingNode): boolean =>
  entries.some(({ key, value }) => isKind(tree, key, value))

const isKind = (tree: YamlTree, key: YamlNode, value: YamlNode): boolean =>
  textOf(tree, key) === 'kind' && isSecretKind(textOf(tree, value))

import type { ListKeys } from './list-keys.ts'
import type {
  Located,
  MappingEntry,
  MappingNode,
  SequenceNode,
  YamlNode,
  YamlTree,
} from './node.ts'
import { firstTest } from './scalars-on-lines.ts'
import { textOf } from './value.ts'

/**
 * The sequences that are values of one of the keys, anywhere below a mapping, in the order of the
 * bytes. Aliases are not followed, and of duplicate keys the first counts.
 */
export function sequencesBelow(
  tree: YamlTree,
  root: MappingNode,
  keys: ListKeys,
): readonly Located<SequenceNode>[] {
  return tree.index?.sequencesBelow(root, keys) ?? fromNodes(tree, root, keys)
}

/** A sequence, and the steps to it found so far, the last one first. */
interface Hit {
  readonly steps: (string | number)[]
  readonly node: SequenceNode
  /** Below a duplicate key that does not count. */
  isShadowed: boolean
}

function fromNodes(
  tree: YamlTree,
  root: MappingNode,
  keys: ListKeys,
): readonly Located<SequenceNode>[] {
  const hits: Hit[] = []
  const search = (node: YamlNode): void => {
    if (node.kind === 'mapping') searchMapping(node)
    if (node.kind !== 'sequence') return
    for (const [index, item] of node.items.entries()) {
      const from = hits.length
      search(item)
      for (let hit = from; hit < hits.length; hit++) hits[hit]?.steps.push(index)
    }
  }
  const searchMapping = (mapping: MappingNode): void => {
    const found: { readonly entry: MappingEntry; readonly from: number; readonly to: number }[] = []
    for (const entry of mapping.entries) {
      const { key, value } = entry
      if (value.kind !== 'mapping' && value.kind !== 'sequence') continue
      const from = hits.length
      if (value.kind === 'sequence' && keys.names.includes(textOf(tree, key)))
        hits.push({ steps: [], node: value, isShadowed: false })
      search(value)
      if (hits.length > from) found.push({ entry, from, to: hits.length })
    }
    if (found.length === 0) return
    const isFirst = firstTest(tree, mapping, found.length)
    for (const { entry, from, to } of found) {
      const step = textOf(tree, entry.key)
      const isShadowed = !isFirst(entry, step)
      for (let index = from; index < to; index++) {
        const hit = hits[index] as Hit
        hit.steps.push(step)
        hit.isShadowed ||= isShadowed
      }
    }
  }
  search(root)
  return hits
    .filter(({ isShadowed }) => !isShadowed)
    .map(({ steps, node }) => ({ path: steps.reverse(), node }))
}

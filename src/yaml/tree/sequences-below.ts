import type {
  Located,
  MappingEntry,
  MappingNode,
  SequenceNode,
  YamlNode,
  YamlTree,
} from './node.ts'
import { firstAmong } from './scalars-on-lines.ts'
import { textOf } from './value.ts'

/**
 * The sequences that are values of one of the keys, anywhere below a mapping, in the order of the
 * bytes. Aliases are not followed, and of duplicate keys the first counts. Pass the same array of
 * keys each time: the fast reader prepares it once.
 */
export function sequencesBelow(
  tree: YamlTree,
  root: MappingNode,
  keys: readonly string[],
): readonly Located<SequenceNode>[] {
  return tree.index?.sequencesBelow(root, keys) ?? fromNodes(tree, root, keys)
}

function fromNodes(
  tree: YamlTree,
  root: MappingNode,
  keys: readonly string[],
): readonly Located<SequenceNode>[] {
  const search = (node: YamlNode): readonly Hit[] => {
    if (node.kind === 'sequence')
      return node.items.flatMap((item, index) => below(index, search(item)))
    return node.kind === 'mapping' ? searchMapping(node) : []
  }
  const searchMapping = (mapping: MappingNode): readonly Hit[] => {
    const hits = new Map<MappingEntry, readonly Hit[]>()
    for (const entry of mapping.entries) {
      const { key, value } = entry
      const inside = search(value)
      if (value.kind === 'sequence' && keys.includes(textOf(tree, key)))
        hits.set(entry, [{ steps: [], node: value }, ...inside])
      else if (inside.length > 0) hits.set(entry, inside)
    }
    return firstAmong(tree, mapping, [...hits.keys()]).flatMap(entry =>
      below(textOf(tree, entry.key), hits.get(entry) ?? []),
    )
  }
  return search(root).map(({ steps, node }) => ({ path: steps.reverse(), node }))
}

/** A sequence, and the steps to it found so far, the last one first. */
interface Hit {
  readonly steps: (string | number)[]
  readonly node: SequenceNode
}

function below(step: string | number, hits: readonly Hit[]): readonly Hit[] {
  for (const { steps } of hits) steps.push(step)
  return hits
}

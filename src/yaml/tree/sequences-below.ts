import type { Located, MappingNode, SequenceNode, YamlNode, YamlTree } from './node.ts'
import { firstAmong } from './scalars-on-lines.ts'
import { textOf } from './value.ts'

/**
 * The sequences that are values of one of the keys, anywhere below a mapping, in the order of the bytes. Aliases are not followed, and of
 * duplicate keys the first counts. Pass the same array of keys each time: the fast reader prepares it once.
 */
export function sequencesBelow(
  tree: YamlTree,
  root: MappingNode,
  keys: readonly string[],
): readonly Located<SequenceNode>[] {
  return tree.index?.sequencesBelow(root, keys) ?? search(tree, root, keys)
}

function search(
  tree: YamlTree,
  node: YamlNode,
  keys: readonly string[],
): readonly Located<SequenceNode>[] {
  if (node.kind === 'sequence')
    return node.items.flatMap((item, index) => below(index, search(tree, item, keys)))
  if (node.kind !== 'mapping') return []
  const found = new Map<YamlNode, readonly Located<SequenceNode>[]>()
  for (const { key, value } of node.entries) {
    const inside = search(tree, value, keys)
    if (value.kind === 'sequence' && keys.includes(textOf(tree, key)))
      found.set(value, [{ path: [], node: value }, ...inside])
    else if (inside.length > 0) found.set(value, inside)
  }
  const entries = node.entries.filter(({ value }) => found.has(value))
  return firstAmong(tree, node, entries).flatMap(({ key, value }) =>
    below(textOf(tree, key), found.get(value) ?? []),
  )
}

const below = (
  step: string | number,
  found: readonly Located<SequenceNode>[],
): readonly Located<SequenceNode>[] =>
  found.map(({ path, node }) => ({ path: [step, ...path], node }))

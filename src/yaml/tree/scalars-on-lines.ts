import type { Located, MappingEntry, MappingNode, ScalarNode, YamlNode, YamlTree } from './node.ts'
import { entryOf, textOf } from './value.ts'

/**
 * The scalars below a mapping that are values or items, begin before the offset `end` and end at or
 * after `start`: those on the lines between, and those that reach into them. Aliases are not
 * followed, and of duplicate keys the first counts.
 */
export function scalarsOnLines(
  tree: YamlTree,
  root: MappingNode,
  start: number,
  end: number,
): readonly Located<ScalarNode>[] {
  const known = tree.index?.scalarsOnLines(root, start, end)
  if (known !== undefined) return known
  const found: Located<ScalarNode>[] = []
  const path: (string | number)[] = []
  const touches = (node: YamlNode) => node.start < end && node.end >= start
  const visit = (step: string | number, node: YamlNode): void => {
    path.push(step)
    if (node.kind === 'scalar') found.push({ path: [...path], node })
    else inside(node)
    path.pop()
  }
  const inside = (node: YamlNode): void => {
    if (node.kind === 'mapping') {
      const touched = node.entries.filter(({ value }) => touches(value))
      const isFirst = firstTest(tree, node, touched.length)
      for (const entry of touched) {
        const name = textOf(tree, entry.key)
        if (isFirst(entry, name)) visit(name, entry.value)
      }
    } else if (node.kind === 'sequence') {
      for (const [index, item] of node.items.entries()) if (touches(item)) visit(index, item)
    }
  }
  inside(root)
  return found
}

/** Tests whether an entry of a mapping is the first with its name; for `count` such tests. */
export function firstTest(
  tree: YamlTree,
  mapping: MappingNode,
  count: number,
): (entry: MappingEntry, name: string) => boolean {
  const firsts = count > fewKeys ? firstEntries(tree, mapping) : undefined
  return (entry, name) => (firsts?.get(name) ?? entryOf(tree, mapping, name)) === entry
}

/** Searching for this many keys one by one is faster than decoding all keys of the mapping. */
const fewKeys = 8

/** For each key of a mapping, the entry that counts: the first. */
export function firstEntries(
  tree: YamlTree,
  { entries }: MappingNode,
): ReadonlyMap<string, MappingEntry> {
  const firsts = new Map<string, MappingEntry>()
  for (const entry of entries) {
    const name = textOf(tree, entry.key)
    if (!firsts.has(name)) firsts.set(name, entry)
  }
  return firsts
}

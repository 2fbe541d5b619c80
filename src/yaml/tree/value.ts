import { FunctionError } from '../../errors.ts'
import { positionOf } from '../position.ts'
import { coreValue } from './core-schema.ts'
import {
  type MappingEntry,
  type MappingNode,
  maxDepth,
  type YamlNode,
  type YamlTree,
} from './node.ts'
import type { Query } from './query.ts'
import { decodeScalar, equalsText } from './scalar-text.ts'

/**
 * The text of a scalar, without quotes, escapes and indentation; for an alias, that of its anchor;
 * empty for a collection.
 */
export function textOf({ bytes }: YamlTree, node: YamlNode): string {
  const target = node.kind === 'alias' ? node.to : node
  return target.kind === 'scalar' ? (target.text ?? decodeScalar(bytes, target)) : ''
}

/**
 * The entry of a key in a mapping (or in the mapping of an alias): the first of duplicates. Merged
 * keys are ignored.
 */
export function entryOf(
  tree: YamlTree,
  node: YamlNode | undefined,
  key: string,
): MappingEntry | undefined {
  const mapping = node?.kind === 'alias' ? node.to : node
  if (mapping?.kind !== 'mapping') return undefined
  if (tree.index !== undefined) return tree.index.entryOf(mapping, key)
  for (const entry of mapping.entries) if (hasText(tree, entry.key, key)) return entry
  return undefined
}

/** The node at a path of keys and indexes, through aliases. Merged keys are ignored. */
export function nodeAt(
  tree: YamlTree,
  node: YamlNode | undefined,
  path: readonly (string | number)[],
): YamlNode | undefined {
  let current = node
  for (const step of path) {
    if (typeof step === 'string') current = entryOf(tree, current, step)?.value
    else {
      const sequence = current?.kind === 'alias' ? current.to : current
      current = sequence?.kind === 'sequence' ? sequence.items[step] : undefined
    }
  }
  return current
}

/** The nodes at all paths of a query, by name, as `nodeAt` finds them. */
export function nodesAt<Name extends string>(
  tree: YamlTree,
  mapping: MappingNode,
  query: Query<Name>,
): Readonly<Record<Name, YamlNode | undefined>> {
  return query.named(
    tree.index?.nodesAt(mapping, query) ?? query.paths.map(path => nodeAt(tree, mapping, path)),
  )
}

/**
 * The first offset of an ASCII text in the bytes of the mapping's document, at or after `from` and
 * before `end`; -1 if there is none. Faster than searching the bytes if the fast reader still has
 * them in its memory.
 */
export function offsetOfText(
  { bytes, index }: YamlTree,
  mapping: MappingNode,
  text: string,
  from: number,
  end: number,
): number {
  const known = index?.offsetOfText(mapping, text, from, end)
  if (known !== undefined) return known
  const offset = bytes.subarray(from, end).indexOf(text)
  return offset === -1 ? -1 : from + offset
}

/** How many values all aliases together may bring into one call, or into one resource. */
export const maxAliased = 100_000

/** The problem if there are more. */
export const aliasProblem = (what: string): string =>
  `aliases must not make ${what} larger than 100,000 nodes; write it out`

/**
 * The value as plain JavaScript: YAML 1.2 core schema, aliases and merge keys (`<<`) resolved, the
 * first of duplicate keys. Throws BAD_INPUT if aliases would make it too large (an alias bomb, a
 * cycle).
 */
export function dataOf(tree: YamlTree, node: YamlNode | undefined): unknown {
  let aliased = 0

  const read = (node: YamlNode, depth: number, inAlias: boolean): unknown => {
    if (depth > 2 * maxDepth || (inAlias && ++aliased > maxAliased)) {
      const place = positionOf(tree.bytes, node.start)
      throw new FunctionError('BAD_INPUT', aliasProblem('the value'), place)
    }
    switch (node.kind) {
      case 'alias':
        return read(node.to, depth + 1, true)
      case 'sequence':
        return node.items.map(item => read(item, depth + 1, inAlias))
      case 'mapping':
        return Object.fromEntries(entries(node, depth, inAlias))
      case 'scalar':
        return coreValue(textOf(tree, node), node.style, node.tag)
    }
  }

  const entries = (mapping: MappingNode, depth: number, inAlias: boolean): Map<string, unknown> => {
    const values = new Map<string, unknown>()
    const merges: YamlNode[] = []
    for (const { key, value } of mapping.entries) {
      if (isMergeKey(tree, key)) merges.push(value)
      else {
        const name =
          key.kind === 'scalar' || key.kind === 'alias'
            ? textOf(tree, key)
            : tree.bytes.toString('utf8', key.start, key.end)
        if (!values.has(name)) values.set(name, read(value, depth + 1, inAlias))
      }
    }
    for (const source of merges.flatMap(mergedNodes)) {
      if (source.kind !== 'mapping') continue
      if (depth > 2 * maxDepth) read(source, depth + 1, true)
      for (const [name, value] of entries(source, depth + 1, true))
        if (!values.has(name)) values.set(name, value)
    }
    return values
  }

  return node && read(node, 0, false)
}

/**
 * Whether a key merges its value into the mapping: a plain `<<`, as all Kubernetes tools read it,
 * or `!!merge <<`.
 */
export function isMergeKey(tree: YamlTree, key: YamlNode): boolean {
  return (
    key.kind === 'scalar' &&
    (key.tag === undefined ? key.style === 'plain' : key.tag === '!!merge') &&
    hasText(tree, key, '<<')
  )
}

/** The mappings that the value of a merge key brings. The first with a key wins. */
export function mergedNodes(value: YamlNode): readonly YamlNode[] {
  const source = value.kind === 'alias' ? value.to : value
  return source.kind === 'sequence'
    ? source.items.map(item => (item.kind === 'alias' ? item.to : item))
    : [source]
}

/** Whether a scalar, or the scalar of an alias, has this text. */
function hasText(tree: YamlTree, node: YamlNode, text: string): boolean {
  if (node.kind === 'scalar' && node.style === 'plain' && node.text === undefined)
    return equalsText(tree.bytes, node, text)
  return (node.kind === 'scalar' || node.kind === 'alias') && textOf(tree, node) === text
}

import type { ListKeys } from './list-keys.ts'
import type { Query } from './query.ts'

/** A node of YAML and where it is. Offsets are bytes of the buffer of its tree. */
export type YamlNode = ScalarNode | MappingNode | SequenceNode | AliasNode

interface NodeBase {
  /**
   * Where the text of the node begins and ends, without anchor, tag, trailing comment or line end:
   * a scalar with its quotes, a block scalar from its `|` to the end of its last line that is not
   * blank, a block collection from its first entry to the end of its last, a flow collection with
   * its brackets. An absent value (`key:`) has `start === end`, where its text would be inserted.
   */
  readonly start: number
  readonly end: number
  readonly anchor?: string | undefined
  /** A tag as written, such as `!!str`. */
  readonly tag?: string | undefined
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar'
  readonly style: ScalarStyle
  /** The text of the scalar, if reading it produced that anyway. Use `textOf`. */
  readonly text?: string
}

export interface MappingNode extends NodeBase {
  readonly kind: 'mapping'
  readonly flow: boolean
  readonly entries: readonly MappingEntry[]
}

/** A node and the path to it: keys, and indexes of items. */
export interface Located<N> {
  readonly path: readonly (string | number)[]
  readonly node: N
}

export interface MappingEntry {
  readonly key: YamlNode
  readonly value: YamlNode
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence'
  readonly flow: boolean
  readonly items: readonly YamlNode[]
}

/** `*name`. Its text cannot be edited, only that of its anchor. */
export interface AliasNode extends NodeBase {
  readonly kind: 'alias'
  readonly target: string
  /** The node with the anchor; a cycle (`&a [*a]`) is possible. */
  readonly to: YamlNode
}

/** One YAML document, or one item of a sequence, in `bytes`. */
export interface YamlTree {
  readonly bytes: Buffer
  /** Undefined for an empty document. */
  readonly root: YamlNode | undefined
  /** All aliases of the document, so also those outside the root that refer to an anchor in it. */
  readonly aliases: readonly AliasNode[]
  /**
   * Answers questions without making all nodes, if the reader of the tree can. Use the functions of
   * this folder: they fall back to the nodes.
   */
  readonly index?: TreeIndex
}

/**
 * Questions to the mappings of one tree. Except for `entryOf`, undefined means that the index
 * cannot decide.
 */
export interface TreeIndex {
  /** As `entryOf` in value.ts. */
  entryOf(mapping: MappingNode, key: string): MappingEntry | undefined
  /** As `nodesAt` in value.ts, in the order of the paths. */
  nodesAt(mapping: MappingNode, query: Query): readonly (YamlNode | undefined)[] | undefined
  /** As `scalarsOnLines` in scalars-on-lines.ts. */
  scalarsOnLines(
    mapping: MappingNode,
    start: number,
    end: number,
  ): readonly Located<ScalarNode>[] | undefined
  /** As `sequencesBelow` in sequences-below.ts. */
  sequencesBelow(mapping: MappingNode, keys: ListKeys): readonly Located<SequenceNode>[] | undefined
  /** As `offsetOfText` in value.ts. */
  offsetOfText(mapping: MappingNode, text: string, from: number, end: number): number | undefined
}

/** Input that is nested more deeply is refused. */
export const maxDepth = 500

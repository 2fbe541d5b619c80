import type { Query } from './query.ts'

/** A node of YAML and where it stands. Offsets are bytes of the tree's buffer. */
export type YamlNode = ScalarNode | MappingNode | SequenceNode | AliasNode

interface NodeBase {
  /**
   * Where the node's own text begins and ends, without anchor, tag, trailing comment or line end: a scalar with its quotes (a block
   * scalar from its `|` to the end of its last line that is not blank), a collection from its first entry to the end of its last, a
   * flow one with its brackets. An absent value (`key:`) has `start === end`, where its text would be put.
   */
  readonly start: number
  readonly end: number
  readonly anchor?: string
  /** A tag as written, such as `!!str`. */
  readonly tag?: string
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar'
  readonly style: ScalarStyle
  /** What the scalar says, where reading it needed that anyway; ask `textOf`. */
  readonly text?: string
}

export interface MappingNode extends NodeBase {
  readonly kind: 'mapping'
  readonly flow: boolean
  readonly entries: readonly MappingEntry[]
  // where making all entries costs more than looking for some. Undefined where it can't tell; ask entryOf, nodesAt, scalarsTouching, placeOfText
  find?(key: string): MappingEntry | undefined
  indexOf?(text: string, from: number, end: number): number | undefined
  lookup?(query: Query): readonly (YamlNode | undefined)[] | undefined
  scalarsTouching?(start: number, end: number): readonly Placed<ScalarNode>[] | undefined
  /** The sequences below in which pods name images, at any depth. */
  imageLists?(): readonly Placed<SequenceNode>[] | undefined
}

/** A node, and how one gets there: keys, and indexes of items. */
export interface Placed<N> {
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

/** `*name`: its text can't be edited, that of its anchor can. */
export interface AliasNode extends NodeBase {
  readonly kind: 'alias'
  readonly target: string
  /** The node with the anchor; a cycle (`&a [*a]`) is possible. */
  readonly to: YamlNode
}

/** One YAML document, or one item of a sequence, as it stands in `bytes`. */
export interface YamlTree {
  readonly bytes: Buffer
  /** Undefined for an empty document. */
  readonly root: YamlNode | undefined
  /** Every alias of the document: whoever uses an anchor of this tree is among them. */
  readonly aliases: readonly AliasNode[]
}

/** The first `maxDepth` levels of nesting are read; deeper input is refused. */
export const maxDepth = 500

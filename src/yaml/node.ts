import type { Query } from './query.ts'
import type { PlacedScalar } from './touching.ts'

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

interface CollectionBase extends NodeBase {
  readonly flow: boolean
  /** False where neither it nor what it stands under has a key that pods name images by (assembly/image-lists.ts); else not always known. */
  readonly mayHoldImages?: boolean
}

export interface MappingNode extends CollectionBase {
  readonly kind: 'mapping'
  readonly entries: readonly MappingEntry[]
  // where making all entries costs more than looking for some: ask entryOf, nodesAt, entriesHoldingImages and scalarsTouching
  find?(key: string): MappingEntry | undefined
  holdingImages?(): readonly MappingEntry[]
  /** Undefined where it can't tell. */
  lookup?(query: Query): readonly (YamlNode | undefined)[] | undefined
  /** Undefined where it can't tell. */
  scalarsTouching?(start: number, end: number): readonly PlacedScalar[] | undefined
}

export interface MappingEntry {
  readonly key: YamlNode
  readonly value: YamlNode
}

export interface SequenceNode extends CollectionBase {
  readonly kind: 'sequence'
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

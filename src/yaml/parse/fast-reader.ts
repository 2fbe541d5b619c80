import type { AliasNode, YamlTree } from '../tree/node.ts'
import { type Tape, writeTape } from './tape.ts'
import { tapeIndex } from './tape-index.ts'
import { aliasesOnTape, nodeOnTape } from './tape-node.ts'
import type { ValueSpan } from './value-span.ts'
import { assembly } from './wasm.ts'

/**
 * Reads the ordinary part of YAML, in one pass over the bytes and without decoding them: block
 * collections, flow collections and JSON, scalars in all styles, comments, anchors, aliases and
 * tags (assembly/walk.ts). Returns undefined if it cannot decide (explicit keys, unusual
 * indentation, anything broken): the full parser reads these. Otherwise the tree is the one of the
 * full parser. Nodes below the root are made on demand.
 */
export function walkYaml(bytes: Buffer, span: ValueSpan): YamlTree | undefined {
  if (span.end > maxOffset || span.end - span.start > maxLength) return undefined
  const tape: Tape = { bytes, span, loaded: 0 }
  const count = writeTape(tape)
  if (count === -1) return undefined
  const lastAlias = assembly.lastAlias() >>> 0
  if (lastAlias !== 0) tape.made = { nodes: new Array(count), entries: new Array(count) }
  const tree = {
    bytes,
    root: count === 0 ? undefined : nodeOnTape(tape, 0),
    aliases: noAliases,
    index: tapeIndex,
  }
  return lastAlias === 0 ? tree : withAliases(tree, tape, lastAlias)
}

/**
 * The tree with its aliases, which are made when somebody asks for them: there may be very many.
 */
function withAliases(tree: YamlTree, tape: Tape, last: number): YamlTree {
  let aliases: readonly AliasNode[] | undefined
  return {
    ...tree,
    get aliases() {
      aliases ??= aliasesOnTape(tape, last)
      return aliases
    },
  }
}

/** Offsets on the tape are 32-bit numbers. */
const maxOffset = 0xffff_ffff

/** Longer spans could have more nodes than fit into the memory. */
const maxLength = 0x1000_0000

const noAliases: readonly AliasNode[] = []

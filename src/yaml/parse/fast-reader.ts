import { byteOrderMark } from '../locate/stream-outline.ts'
import type { Part } from '../locate/value-span.ts'
import type { AliasNode, YamlTree } from '../tree/node.ts'
import { nodeOnTape } from './tape-tree.ts'
import { assembly, load } from './wasm.ts'

/**
 * Reads the ordinary part of YAML, in one pass over the bytes and without decoding them: block collections, flow collections and JSON,
 * scalars in all styles, comments (assembly/walk.ts). Undefined where it is not sure (anchors, aliases, tags, explicit keys, odd
 * indentation, anything broken): the full parser decides. Where it answers, the answer is the full parser's. What a collection holds
 * becomes nodes when somebody asks for it.
 */
export function walkYaml(bytes: Buffer, { start, end, blank }: Part): YamlTree | undefined {
  if (end > maxOffset || end - start > maxLength) return undefined
  const mark = byteOrderMark(bytes, start)
  const loaded = load(bytes, start, end)
  const count = assembly.walk(blank, mark, start)
  if (count === -1) return undefined
  const again = () => {
    const number = load(bytes, start, end)
    assembly.walk(blank, mark, start)
    return number
  }
  return {
    bytes,
    root: count === 0 ? undefined : nodeOnTape({ bytes, loaded, again }, 0),
    aliases: noAliases,
  }
}

/** Offsets are 32-bit numbers there. */
const maxOffset = 0xffff_ffff

/** Longer parts could have more nodes than the memory has room for. */
const maxLength = 0x1000_0000

const noAliases: readonly AliasNode[] = []

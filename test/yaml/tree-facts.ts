import { FunctionError } from '../../src/errors.ts'
import { applyEdits, type Edit } from '../../src/yaml/edit/splice.ts'
import type { Part } from '../../src/yaml/locate/value-span.ts'
import { walkYaml } from '../../src/yaml/parse/fast-reader.ts'
import { parseFully } from '../../src/yaml/parse/full-parser.ts'
import type { YamlNode, YamlTree } from '../../src/yaml/tree/node.ts'
import { textOf } from '../../src/yaml/tree/value.ts'
import { bytesOf } from '../bytes-of.ts'

/** All bytes as one part. */
export const whole = (bytes: Buffer): Part => ({ start: 0, end: bytes.length, blank: 0 })

/** A text as one document, by the full parser. */
export function parse(text: string): YamlTree {
  const bytes = Buffer.from(text)
  return parseFully(bytes, whole(bytes))
}

/** A text as one document, by the walker. Throws where it does not answer. */
export function walk(text: string): YamlTree {
  const bytes = Buffer.from(text)
  const tree = walkYaml(bytes, whole(bytes))
  if (!tree) throw new Error('the walker leaves this to the full parser')
  return tree
}

/** Everything that a tree says, to compare two of them: kinds, offsets, styles, texts. */
export function factsOf(tree: YamlTree, node = tree.root): unknown {
  if (!node) return 'nothing'
  const { kind, start, end, anchor, tag } = node
  return { kind, start, end, anchor, tag, ...contentOf(tree, node) }
}

function contentOf(tree: YamlTree, node: YamlNode): object {
  switch (node.kind) {
    case 'scalar':
      return { style: node.style, text: textOf(tree, node) }
    case 'alias':
      return { target: node.target }
    case 'mapping':
      return {
        flow: node.flow,
        entries: node.entries.map(({ key, value }) => [factsOf(tree, key), factsOf(tree, value)]),
      }
    case 'sequence':
      return { flow: node.flow, items: node.items.map(item => factsOf(tree, item)) }
  }
}

/** The walker's facts, and the full parser's or its message; the walker's are undefined where it leaves the part to the full parser. */
export function bothRoads(
  bytes: Buffer,
  part = whole(bytes),
): { walked: unknown; parsed: unknown } {
  const tree = walkYaml(bytes, part)
  return {
    walked: tree && factsOf(tree),
    parsed: orProblem(() => factsOf(parseFully(bytes, part))),
  }
}

function orProblem(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof FunctionError && error.code === 'BAD_INPUT') return error.message
    throw error
  }
}

/** The text after edits of `text`. */
export const applied = (text: string | Buffer, edits: readonly Edit[]): string =>
  bytesOf(applyEdits(Buffer.from(text), edits)).toString()

import { lineEnd, lineStart, nextLine } from '../yaml/position.ts'
import { headComment, lineComment } from '../yaml/tree/comments.ts'
import type { Located, MappingNode, ScalarNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { scalarsOnLines } from '../yaml/tree/scalars-on-lines.ts'

/** From the start of a line to the end of a line, in bytes. */
export interface Lines {
  readonly start: number
  readonly end: number
}

/** A scalar, and the comment that belongs to it. */
export interface CommentedScalar extends Located<ScalarNode> {
  readonly comment: string
  /** The line that holds the comment, or the lines above the scalar. */
  readonly lines: Lines
}

/** Looking at each of more lines costs more than looking once at all that is between them. */
const fewLines = 4

/**
 * The lines to which the comment at an offset can belong: a scalar that begins or ends on its line,
 * or on the next.
 */
export const linesAround = ({ bytes }: YamlTree, at: number): Lines => ({
  start: lineStart(bytes, at),
  end: nextLine(bytes, nextLine(bytes, at)),
})

/** The scalars on these lines that have a comment of their own, in order. */
export function commentedScalars(
  tree: YamlTree,
  root: MappingNode,
  lines: readonly Lines[],
): readonly CommentedScalar[] {
  const found: CommentedScalar[] = []
  const around = lines.length > fewLines ? [hull(lines)] : lines
  let after = 0
  for (const { start, end } of around) {
    for (const located of scalarsOnLines(tree, root, start, end)) {
      const { node } = located
      if (node.start < after) continue // it is on the lines before, too
      if (around !== lines && !touches(lines, node)) continue
      after = node.end
      const own = lineComment(tree, node)
      const comment = own ?? headComment(tree, node)
      if (comment === undefined) continue
      const { path } = located
      found.push({ path, node, comment, lines: commentLines(tree, node, own === undefined) })
    }
  }
  return found
}

const hull = (lines: readonly Lines[]): Lines => ({
  start: (lines[0] as Lines).start,
  end: (lines.at(-1) as Lines).end,
})

/** Whether the node begins or ends on one of the lines, or holds one. */
function touches(lines: readonly Lines[], { start, end }: YamlNode): boolean {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle] as Lines).end <= start) low = middle + 1
    else high = middle
  }
  return end >= (lines[low]?.start ?? Number.POSITIVE_INFINITY)
}

/** The last line of a scalar (of a block scalar the first), or the comment lines above it. */
function commentLines({ bytes }: YamlTree, node: ScalarNode, isAbove: boolean): Lines {
  const isBlock = node.style === 'literal' || node.style === 'folded'
  const line = lineStart(bytes, isBlock || isAbove ? node.start : node.end)
  if (!isAbove) return { start: line, end: lineEnd(bytes, line) }
  let start = line
  while (start > 0 && isComment(bytes, lineStart(bytes, start - 1)))
    start = lineStart(bytes, start - 1)
  return { start, end: line }
}

const isComment = (bytes: Buffer, line: number) =>
  /^[ \t]*#/.test(bytes.toString('latin1', line, lineEnd(bytes, line)))

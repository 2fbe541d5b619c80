import { lineEnd, lineStart } from '../position.ts'
import type { ScalarNode, YamlTree } from './node.ts'

/**
 * The comment after a scalar value on its (last) line, or after the `|` or `>` of a block scalar,
 * from its `#`. An absent value has none. A comment after a closing bracket does not belong to a
 * scalar.
 */
export function lineComment(
  { bytes }: YamlTree,
  { start, end, style }: ScalarNode,
): string | undefined {
  if (start === end) return undefined
  const isBlock = style === 'literal' || style === 'folded'
  if (!isBlock && !isBeforeComment(bytes, end)) return undefined // nearly always
  const rest = bytes.toString('utf8', isBlock ? start : end, lineEnd(bytes, isBlock ? start : end))
  return (isBlock ? /^[|>][-+0-9]*[ \t]+(#.*)$/ : /^[ \t]*,?[ \t]*(#.*)$/).exec(rest)?.[1]
}

/**
 * The comment lines directly above a scalar value that begins its line (or follows only a `- `),
 * each from its `#`, joined by `\n`.
 */
export function headComment({ bytes }: YamlTree, { start, end }: ScalarNode): string | undefined {
  if (start === end) return undefined
  // a line can hold very many scalars, and only what is before the first of them is ever that short
  const near = Math.max(0, start - longestBefore)
  const feed = bytes.subarray(near, start).lastIndexOf(newline)
  if (feed === -1 && near > 0) return undefined
  const first = near + feed + 1
  if (!/^ *(?:- +)?(?:[&!]\S* +)*$/.test(bytes.toString('latin1', first, start))) return undefined
  const lines: string[] = []
  for (let line = first; line > 0; ) {
    line = lineStart(bytes, line - 1)
    const comment = /^[ \t]*(#.*)$/.exec(bytes.toString('utf8', line, lineEnd(bytes, line)))?.[1]
    if (comment === undefined) break
    lines.push(comment)
  }
  return lines.length === 0 ? undefined : lines.reverse().join('\n')
}

/**
 * Indentation, an anchor and a tag before a scalar, in bytes: more of them have no comment above.
 */
const longestBefore = 4096
const [newline, hash, comma, space, tab] = [10, 0x23, 0x2c, 0x20, 9]

/** Whether nothing but spaces and one comma is between an offset and a `#`. */
function isBeforeComment(bytes: Buffer, offset: number): boolean {
  let at = offset
  while (bytes[at] === space || bytes[at] === tab || bytes[at] === comma) at++
  return bytes[at] === hash
}

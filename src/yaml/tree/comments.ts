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
  const rest = bytes.toString('utf8', isBlock ? start : end, lineEnd(bytes, isBlock ? start : end))
  return (isBlock ? /^[|>][-+0-9]*[ \t]+(#.*)$/ : /^[ \t]*,?[ \t]*(#.*)$/).exec(rest)?.[1]
}

/**
 * The comment lines directly above a scalar value that begins its line (or follows only a `- `),
 * each from its `#`, joined by `\n`.
 */
export function headComment({ bytes }: YamlTree, { start, end }: ScalarNode): string | undefined {
  if (start === end) return undefined
  const first = lineStart(bytes, start)
  if (!/^ *(?:- +)?(?:[&!]\S* +)*$/.test(bytes.toString('latin1', first, start))) return undefined
  const lines: string[] = []
  for (let line = first; line > 0; ) {
    line = lineStart(bytes, line - 1)
    const comment = /^[ \t]*(#.*)$/.exec(bytes.toString('utf8', line, lineEnd(bytes, line)))?.[1]
    if (comment === undefined) break
    lines.unshift(comment)
  }
  return lines.length === 0 ? undefined : lines.join('\n')
}

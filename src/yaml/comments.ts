import type { ScalarNode, YamlTree } from './node.ts'
import { lineEnd, lineStart } from './position.ts'

export interface Comments {
  /** The comment behind the scalar on its (last) line, or behind the `|` or `>` of a block scalar, from its `#`. */
  readonly line?: string
  /** The comment lines directly above a scalar that begins its line (behind a `- ` at most), each from its `#`, joined by `\n`. */
  readonly head?: string
}

/**
 * The comments that belong to a scalar value, where Flux looks for its markers. An absent value has none; one behind a closing
 * bracket belongs to nobody.
 */
export function commentsOf({ bytes }: YamlTree, { start, end, style }: ScalarNode): Comments {
  if (start === end) return {}
  const isBlock = style === 'literal' || style === 'folded'
  const rest = bytes.toString('utf8', isBlock ? start : end, lineEnd(bytes, isBlock ? start : end))
  const line = (isBlock ? /^[|>][-+0-9]*[ \t]+(#.*)$/ : /^[ \t]*,?[ \t]*(#.*)$/).exec(rest)?.[1]
  const head = headComment(bytes, start)
  return { ...(line === undefined ? {} : { line }), ...(head === undefined ? {} : { head }) }
}

function headComment(bytes: Buffer, start: number): string | undefined {
  const first = lineStart(bytes, start)
  if (!/^ *(?:- +)?(?:[&!]\S* +)*$/.test(bytes.toString('latin1', first, start))) return undefined
  const lines: string[] = []
  for (let at = first; at > 0; ) {
    at = lineStart(bytes, at - 1)
    const comment = /^[ \t]*(#.*)$/.exec(bytes.toString('utf8', at, lineEnd(bytes, at)))?.[1]
    if (comment === undefined) break
    lines.unshift(comment)
  }
  return lines.length === 0 ? undefined : lines.join('\n')
}

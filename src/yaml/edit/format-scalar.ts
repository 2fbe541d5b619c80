import { lineBreakAt, lineEnd, lineStart } from '../position.ts'
import type { ScalarNode, ScalarStyle, YamlTree } from '../tree/node.ts'
import { isPlainString } from './plain-string.ts'
import type { Edit } from './splice.ts'

/**
 * The edit after which the scalar has this text. As in Flux, its style is kept if it can express
 * the text; a plain scalar becomes double-quoted if `text` could be read as something else than a
 * string.
 */
export function replaceScalar(
  { bytes }: Pick<YamlTree, 'bytes'>,
  node: ScalarNode,
  text: string,
): Edit {
  const { start, end, style } = node
  if (start === end)
    return {
      start,
      end,
      text: `${needsColon(bytes, start) ? ': ' : ' '}${formatScalar(text, 'plain')}`,
    }
  if (style !== 'literal' && style !== 'folded')
    return { start, end, text: formatScalar(text, style) }

  const headerEnd = Math.min(lineEnd(bytes, start), end)
  const comment = bytes.toString('utf8', start, headerEnd).replace(/^[|>][-+0-9]*/, '')
  const indentation =
    headerEnd === end
      ? undefined
      : /^ */.exec(bytes.toString('latin1', firstContentLine(bytes, headerEnd), end))?.[0]
  if (!indentation || !/^[^\s\p{C}][^\p{C}\p{Zl}\p{Zp}]*\n?$/u.test(text))
    return { start, end, text: formatScalar(text, 'double') + comment }
  const header = (style === 'literal' ? '|' : '>') + (text.endsWith('\n') ? '' : '-')
  return {
    start,
    end,
    text: header + comment + lineBreakAt(bytes, headerEnd) + indentation + text.replace('\n', ''),
  }
}

/**
 * `text` as a scalar: in `style` if that can express it, else in double quotes, which can express
 * any text.
 */
export function formatScalar(text: string, style: ScalarStyle): string {
  if (style === 'plain' && isPlainString(text)) return text
  if (style === 'single' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text))
    return `'${text.replaceAll("'", "''")}'`
  return quote(text)
}

/**
 * `text` in double quotes, as JSON writes it, with invisible characters escaped too. Valid YAML and
 * valid JSON.
 */
export function quote(text: string): string {
  // the usual case, and much faster
  if (/^[ -[\]-~]*$/.test(text)) return `"${text.replaceAll('"', '\\"')}"`
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u00ad\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    },
  )
}

/** An entry of a flow mapping can be a key alone: `{a}`. */
function needsColon(bytes: Buffer, offset: number): boolean {
  const before = bytes.toString('latin1', lineStart(bytes, offset), offset)
  return !/(?:^|[\s:?[,-])$/.test(before) && !/[\s:](?:[&!]\S*)$/.test(before)
}

function firstContentLine(bytes: Buffer, headerEnd: number): number {
  let line = bytes.indexOf(10, headerEnd) + 1
  while (
    lineEnd(bytes, line) === line ||
    /^\s*$/.test(bytes.toString('latin1', line, lineEnd(bytes, line)))
  )
    line = bytes.indexOf(10, line) + 1
  return line
}

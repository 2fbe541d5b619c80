import type { ValueSpan } from '../parse/value-span.ts'
import { byteOrderMark, lineEnd, lineStart, nextLine } from '../position.ts'
import type { Scan } from './scan.ts'

/**
 * The documents of a stream, where YAML divides it: at lines that begin with `---` or `...`. Directives and comments before the first
 * `---`, or after a `...`, belong to the document that follows; what has no document, such as comments at the end, is in no part.
 */
export function outlineStream({ bytes, lines }: Scan): ValueSpan[] {
  const parts: ValueSpan[] = []
  let start = 0
  let opened = false
  const close = (contentEnd: number, end = contentEnd) => {
    if (opened || hasContent(bytes, start, contentEnd)) parts.push({ start, end, blank: 0 })
  }
  for (const line of [0, ...lines.markers]) {
    const marker = markerAt(bytes, line + byteOrderMark(bytes, line))
    if (marker === '---') {
      if (opened || hasContent(bytes, start, line)) {
        close(line)
        start = line
      }
      opened = true
    } else if (marker === '...') {
      const end = nextLine(bytes, line)
      close(line, end)
      start = end
      opened = false
    }
  }
  close(bytes.length)
  return parts
}

/** `---` or `...`, where it stands as a word at the beginning of the line `at`: it divides documents, whatever it stands in. */
export function markerAt(bytes: Buffer, at: number): '---' | '...' | undefined {
  const first = bytes[at]
  if ((first !== 0x2d && first !== 0x2e) || bytes[at + 1] !== first || bytes[at + 2] !== first)
    return undefined
  const after = bytes[at + 3]
  if (after !== undefined && after !== 0x20 && after !== 0x09 && after !== 0x0a && after !== 0x0d)
    return undefined
  return first === 0x2d ? '---' : '...'
}

/** Where a document's content ends: before its `...` line, if it has one. */
export function contentEnd(bytes: Buffer, { start, end }: ValueSpan): number {
  const last = lineStart(bytes, bytes[end - 1] === 0x0a ? end - 1 : end)
  return last >= start && markerAt(bytes, last) === '...' ? last : end
}

/** Whether there is more than blank lines, comments and, before a `---`, directives. */
function hasContent(bytes: Buffer, start: number, end: number): boolean {
  const atEnd = end === bytes.length
  for (let at = start; at < end; at = nextLine(bytes, at)) {
    const line = bytes.toString(
      'latin1',
      at + byteOrderMark(bytes, at),
      Math.min(lineEnd(bytes, at), end),
    )
    if (!(/^\s*(?:#|$)/.test(line) || (!atEnd && line.startsWith('%')))) return true
  }
  return false
}

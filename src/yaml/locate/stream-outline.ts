import type { ValueSpan } from '../parse/value-span.ts'
import { byteOrderMark, lineEnd, lineStart, nextLine } from '../position.ts'
import type { Scan } from './scan.ts'

/**
 * The documents of a stream, divided at lines that begin with `---` or `...`. Directives and
 * comments before the first `---`, or after a `...`, belong to the document that follows. Text
 * without a document, such as comments at the end, belongs to no span.
 */
export function outlineStream({ bytes, lines }: Scan): ValueSpan[] {
  const documents: ValueSpan[] = []
  let start = 0
  let isOpen = false
  const close = (contentEnd: number, end = contentEnd) => {
    if (isOpen || hasContent(bytes, start, contentEnd)) documents.push({ start, end, blank: 0 })
  }
  for (const line of [0, ...lines.markers]) {
    const marker = markerAt(bytes, line + byteOrderMark(bytes, line))
    if (marker === '---') {
      if (isOpen || hasContent(bytes, start, line)) {
        close(line)
        start = line
      }
      isOpen = true
    } else if (marker === '...') {
      const end = nextLine(bytes, line)
      close(line, end)
      start = end
      isOpen = false
    }
  }
  close(bytes.length)
  return documents
}

/**
 * The `---` or `...` with which the line at `offset` begins, if it is a word of its own: it divides
 * documents in any context.
 */
export function markerAt(bytes: Buffer, offset: number): '---' | '...' | undefined {
  const first = bytes[offset]
  if (
    (first !== 0x2d && first !== 0x2e) ||
    bytes[offset + 1] !== first ||
    bytes[offset + 2] !== first
  )
    return undefined
  const after = bytes[offset + 3]
  if (after !== undefined && after !== 0x20 && after !== 0x09 && after !== 0x0a && after !== 0x0d)
    return undefined
  return first === 0x2d ? '---' : '...'
}

/** The end of a document's content: its `...` line, or the end of the span. */
export function contentEnd(bytes: Buffer, { start, end }: ValueSpan): number {
  const last = lineStart(bytes, bytes[end - 1] === 0x0a ? end - 1 : end)
  return last >= start && markerAt(bytes, last) === '...' ? last : end
}

/** Whether there is more than blank lines, comments and, before a `---`, directives. */
function hasContent(bytes: Buffer, start: number, end: number): boolean {
  const isLast = end === bytes.length
  for (let from = start; from < end; from = nextLine(bytes, from)) {
    const line = bytes.toString(
      'latin1',
      from + byteOrderMark(bytes, from),
      Math.min(lineEnd(bytes, from), end),
    )
    if (!(/^\s*(?:#|$)/.test(line) || (!isLast && line.startsWith('%')))) return true
  }
  return false
}

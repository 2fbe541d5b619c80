import type { Part } from './part.ts'
import { lineEnd, nextLine } from './position.ts'

/**
 * The documents of a stream, where YAML divides it: at lines that begin with `---` or `...`. Directives and comments before the first
 * `---`, or after a `...`, belong to the document that follows; every byte of the stream but such a tail without document is in a part.
 */
export function outlineStream(bytes: Buffer): Part[] {
  const parts: Part[] = []
  let start = 0
  let opened = false
  const close = (end: number) => {
    if (opened || hasContent(bytes, start, end)) parts.push({ start, end, blank: 0 })
  }
  for (const { at, opens } of markers(bytes)) {
    if (opens) {
      if (opened || hasContent(bytes, start, at)) {
        close(at)
        start = at
      }
      opened = true
    } else {
      const end = nextLine(bytes, at)
      close(end)
      start = end
      opened = false
    }
  }
  close(bytes.length)
  return parts
}

/** How many bytes a byte order mark takes at `start`: 3, or 0 where the input does not begin there or has none. */
export function byteOrderMark(bytes: Buffer, start: number): number {
  return start === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** Where a document's content ends: before its `...` line, if it has one. */
export function contentEnd(bytes: Buffer, { start, end }: Part): number {
  for (let at = bytes.indexOf('...', start); at !== -1 && at < end; at = bytes.indexOf('...', at + 3)) if (isMarker(bytes, at)) return at
  return end
}

interface Marker {
  readonly at: number
  readonly opens: boolean
}

function markers(bytes: Buffer): Marker[] {
  const found = [...lines(bytes, '---', true), ...lines(bytes, '...', false)]
  return found.sort((a, b) => a.at - b.at)
}

function lines(bytes: Buffer, marker: string, opens: boolean): Marker[] {
  const found: Marker[] = []
  const first = byteOrderMark(bytes, 0)
  if (bytes.toString('latin1', first, first + 3) === marker && isMarker(bytes, first)) found.push({ at: first, opens })
  const needle = `\n${marker}`
  for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 4))
    if (isMarker(bytes, at + 1)) found.push({ at: at + 1, opens })
  return found
}

function isMarker(bytes: Buffer, at: number): boolean {
  const before = bytes[at - 1]
  const after = bytes[at + 3]
  return (
    (before === undefined || before === 10 || at === 3) &&
    (after === undefined || after === 32 || after === 9 || after === 10 || after === 13)
  )
}

/** Whether there is more than blank lines, comments and, before a `---`, directives. */
function hasContent(bytes: Buffer, start: number, end: number): boolean {
  const atEnd = end === bytes.length
  for (let at = start; at < end; at = nextLine(bytes, at)) {
    const line = bytes.toString('latin1', at, Math.min(lineEnd(bytes, at), end)).replace(/^\xef\xbb\xbf/, '')
    if (!(/^\s*(?:#|$)/.test(line) || (!atEnd && line.startsWith('%')))) return true
  }
  return false
}

import type { MappingEntry, ScalarNode, YamlNode } from './node.ts'
import { beginsPlain, byte, isBlank, isSpace, scanFlowPlain, scanQuoted, trimEnd } from './walk-scalar.ts'

/** Deeper collections are left to the full parser. */
const maxFlowDepth = 100

/** The flow collection or scalar that begins at `from`; undefined where it is broken or unusual. Its lines must be indented more than `parentIndent`. */
export function walkFlow(bytes: Buffer, from: number, end: number, parentIndent: number, depth = 0): YamlNode | undefined {
  const first = bytes[from]
  if (first === byte.openBrace) return depth < maxFlowDepth ? walkMapping(bytes, from, end, parentIndent, depth) : undefined
  if (first === byte.openBracket) return depth < maxFlowDepth ? walkSequence(bytes, from, end, parentIndent, depth) : undefined
  return walkScalar(bytes, from, end, parentIndent)
}

function walkScalar(bytes: Buffer, start: number, limit: number, parentIndent: number): ScalarNode | undefined {
  const first = bytes[start]
  if (first === byte.quote || first === byte.apostrophe) {
    const end = scanQuoted(bytes, start, limit, parentIndent)
    return end === -1 ? undefined : { kind: 'scalar', style: first === byte.quote ? 'double' : 'single', start, end }
  }
  if (!beginsPlain(bytes, start, limit, true)) return undefined
  return { kind: 'scalar', style: 'plain', start, end: trimEnd(bytes, scanFlowPlain(bytes, start, limit)) }
}

function walkSequence(bytes: Buffer, start: number, limit: number, parentIndent: number, depth: number): YamlNode | undefined {
  const items: YamlNode[] = []
  let at = skipSpace(bytes, start + 1, limit, parentIndent)
  while (at !== -1) {
    if (bytes[at] === byte.closeBracket) return { kind: 'sequence', flow: true, start, end: at + 1, items }
    const item = walkFlow(bytes, at, limit, parentIndent, depth + 1)
    if (!item) return undefined
    items.push(item)
    at = nextEntry(bytes, item.end, limit, parentIndent, byte.closeBracket)
  }
  return undefined
}

function walkMapping(bytes: Buffer, start: number, limit: number, parentIndent: number, depth: number): YamlNode | undefined {
  const entries: MappingEntry[] = []
  let at = skipSpace(bytes, start + 1, limit, parentIndent)
  while (at !== -1) {
    if (bytes[at] === byte.closeBrace) return { kind: 'mapping', flow: true, start, end: at + 1, entries }
    const key = walkScalar(bytes, at, limit, parentIndent)
    if (!key || key.end - key.start > 1000) return undefined
    at = key.end
    while (bytes[at] === byte.space) at++
    const colon = at
    if (bytes[at] !== byte.colon || at >= limit || (key.style === 'plain' && !isBlank(bytes[at + 1]))) return undefined
    if (key.style !== 'plain' && bytes.subarray(key.start, key.end).includes(byte.newline)) return undefined
    at = skipSpace(bytes, colon + 1, limit, parentIndent)
    if (at === -1) return undefined
    const value = walkFlow(bytes, at, limit, parentIndent, depth + 1)
    if (!value) return undefined
    entries.push({ key, value })
    at = nextEntry(bytes, value.end, limit, parentIndent, byte.closeBrace)
  }
  return undefined
}

/** Over the comma behind an entry: the next entry, or the closing bracket. */
function nextEntry(bytes: Buffer, from: number, limit: number, parentIndent: number, closing: number): number {
  const at = skipSpace(bytes, from, limit, parentIndent)
  if (at === -1 || bytes[at] === closing) return at
  return bytes[at] === byte.comma ? skipSpace(bytes, at + 1, limit, parentIndent) : -1
}

/** Over spaces, comments and line ends; -1 at the end of the bytes and where a line is not indented enough. */
function skipSpace(bytes: Buffer, from: number, limit: number, parentIndent: number): number {
  let at = from
  let line = -1
  while (at < limit) {
    const found = bytes[at]
    if (found === byte.newline) line = at + 1
    else if (found === byte.hash) {
      if (!isSpace(bytes[at - 1]) && line !== at) return -1
      const lineEnd = bytes.indexOf(byte.newline, at)
      at = lineEnd === -1 ? limit : lineEnd
      continue
    } else if (found === byte.tab) {
      if (line !== -1) return -1
    } else if (found !== byte.space && found !== byte.carriageReturn) {
      // at the beginning of a line `---` and `...` end a document, whatever they stand in
      if (line === at && (found === byte.dash || found === byte.dot)) return -1
      return line === -1 || at - line > parentIndent ? at : -1
    }
    at++
  }
  return -1
}

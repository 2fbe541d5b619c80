import type { AliasNode, ScalarNode, YamlNode, YamlTree } from './node.ts'
import { isOrdinary } from './ordinary.ts'
import type { Part } from './part.ts'
import { markerAt } from './stream.ts'
import { scanBlockScalar } from './walk-block-scalar.ts'
import { walkFlow } from './walk-flow.ts'
import { endsDocument, endsLine, lineAfter, skipHeader, skipSpaces } from './walk-line.ts'
import { beginsPlain, byte, isBlank, isSpace, scanPlain, scanQuoted, trimEnd } from './walk-scalar.ts'
import { absent, close, nextEntry, none, type OpenMapping, open, opensHere, plainScalar, put, type Walk } from './walk-state.ts'

/**
 * Reads the ordinary part of YAML, in one pass over the bytes and without decoding them: block collections, flow collections and JSON,
 * scalars in all styles, comments. Undefined where it is not sure (anchors, aliases, tags, explicit keys, odd indentation, anything
 * broken): the full parser decides. Where it answers, the answer is the full parser's.
 */
export function walkYaml(bytes: Buffer, part: Part): YamlTree | undefined {
  if (!isOrdinary(bytes, part)) return undefined
  const outside = part.blank === 0 ? -1 : skipSpaces(bytes, part.start, part.end) - part.start
  const walk: Walk = {
    bytes,
    limit: part.end,
    outside,
    root: undefined,
    collections: [],
    indents: [],
    top: undefined,
    indent: outside,
    pending: part.start,
    plain: undefined,
  }
  const first = part.blank === 0 ? skipHeader(bytes, part.start, part.end) : part.start
  if (first === -1 || !walkLines(walk, first, first + part.blank)) return undefined
  if (walk.pending !== none && walk.top) put(walk, absent(walk.pending))
  while (walk.top) close(walk)
  return { bytes, root: walk.root, aliases: noAliases }
}

const noAliases: readonly AliasNode[] = []

/** Keys may have 1024 characters; longer ones are left to the full parser to count. */
const maxKeyLength = 1000

/** Walks every line; `text` is where the first line's own text begins. False where one is not sure. */
function walkLines(walk: Walk, first: number, text: number): boolean {
  const { bytes, limit } = walk
  let line = first
  let at = text
  while (at < limit) {
    at = skipSpaces(bytes, at, limit)
    if (endsLine(bytes, at, limit)) {
      if (bytes[at] === byte.hash) walk.plain = undefined
      line = lineAfter(bytes, at, limit)
    } else {
      const marker = at === line ? markerAt(bytes, at) : undefined
      if (marker) return marker === '...' && endsDocument(bytes, at, limit)
      line = walkLine(walk, line, at)
    }
    if (line === none) return false
    at = line
  }
  return true
}

/** Walks the text of a line, and further lines where a value goes on there. Returns the next line, or `none`. */
function walkLine(walk: Walk, line: number, text: number): number {
  const { bytes, limit } = walk
  let at = text
  let isDash = beginsItem(bytes, at, limit)
  let opens = walk.pending !== none && opensHere(walk, at - line, isDash)
  if (!opens) {
    if (walk.pending === none && at - line > walk.indent) return continuePlain(walk, at)
    if (!nextEntry(walk, at - line, isDash)) return none
  }
  walk.plain = undefined
  while (isDash) {
    if (opens && !open(walk, { kind: 'sequence', flow: false, start: at, end: at, items: [] }, at - line)) return none
    walk.pending = at + 1
    at = skipSpaces(bytes, at + 1, limit)
    if (endsLine(bytes, at, limit)) return lineAfter(bytes, at, limit)
    isDash = beginsItem(bytes, at, limit)
    opens = true
    if (bytes[at] === byte.bar || bytes[at] === byte.greater) return walkValue(walk, at)
  }
  return walkEntry(walk, at, at - line, opens)
}

/** A key and what stands behind it; or, where a value is awaited, a value. */
function walkEntry(walk: Walk, at: number, column: number, opens: boolean): number {
  const { bytes, limit } = walk
  if (beginsPlain(bytes, at, limit, false)) {
    const stop = scanPlain(bytes, at, limit)
    const node = plainScalar(at, trimEnd(bytes, stop))
    if (stop < limit && bytes[stop] === byte.colon) return walkKey(walk, node, stop, column, opens)
    return opens && walk.top ? endValue(walk, node) : none
  }
  const node = walkDelimited(walk, at)
  if (!node) return none
  if (node.kind !== 'scalar') return opens ? endValue(walk, node) : none
  const colon = skipSpaces(bytes, node.end, limit)
  if (colon >= limit || bytes[colon] !== byte.colon || !isBlank(bytes[colon + 1])) return opens && walk.top ? endValue(walk, node) : none
  return bytes.subarray(at, node.end).includes(byte.newline) ? none : walkKey(walk, node, colon, column, opens)
}

function walkKey(walk: Walk, key: ScalarNode, colon: number, column: number, opens: boolean): number {
  const { bytes, limit } = walk
  if (key.end - key.start > maxKeyLength) return none
  if (opens && !open(walk, { kind: 'mapping', flow: false, start: key.start, end: key.end, entries: [] }, column)) return none
  ;(walk.top as OpenMapping).entries.push({ key, value: key })
  walk.pending = colon + 1
  const value = skipSpaces(bytes, colon + 1, limit)
  return endsLine(bytes, value, limit) ? lineAfter(bytes, value, limit) : walkValue(walk, value)
}

/** A value on the line of its key or dash. */
function walkValue(walk: Walk, at: number): number {
  const { bytes, limit } = walk
  if (beginsPlain(bytes, at, limit, false)) {
    const stop = scanPlain(bytes, at, limit)
    const node = plainScalar(at, trimEnd(bytes, stop))
    if (stop >= limit || bytes[stop] !== byte.newline) return endValue(walk, node)
    // as endValue: most lines end here
    put(walk, node)
    walk.plain = node
    return stop + 1
  }
  const first = bytes[at]
  if (first === byte.bar || first === byte.greater) {
    const scalar = scanBlockScalar(bytes, at, limit, walk.indent)
    if (!scalar) return none
    put(walk, { kind: 'scalar', style: first === byte.bar ? 'literal' : 'folded', start: at, end: scalar.end })
    return scalar.next
  }
  const node = walkDelimited(walk, at)
  return node ? endValue(walk, node) : none
}

/** A scalar in quotes, or a flow collection. */
function walkDelimited({ bytes, limit, indent }: Walk, start: number): YamlNode | undefined {
  const first = bytes[start]
  if (first === byte.openBrace || first === byte.openBracket) return walkFlow(bytes, start, limit, indent)
  if (first !== byte.quote && first !== byte.apostrophe) return undefined
  const end = scanQuoted(bytes, start, limit, indent)
  return end === -1 ? undefined : { kind: 'scalar', style: first === byte.quote ? 'double' : 'single', start, end }
}

/** Puts a value in its place, behind which only a comment may stand. Returns the next line, or `none`. */
function endValue(walk: Walk, node: YamlNode): number {
  const { bytes, limit } = walk
  put(walk, node)
  let at = node.end
  while (at < limit && isSpace(bytes[at])) at++
  if (!endsLine(bytes, at, limit)) return none
  const commented = at < limit && bytes[at] === byte.hash
  if (commented && at === node.end) return none
  if (!commented && node.kind === 'scalar' && node.style === 'plain') walk.plain = node
  return lineAfter(bytes, at, limit)
}

/** A deeper line that is no entry: only a plain scalar can go on there. */
function continuePlain(walk: Walk, at: number): number {
  const { bytes, limit, plain } = walk
  if (!plain || !beginsPlain(bytes, at, limit, false)) return none
  const stop = scanPlain(bytes, at, limit)
  if (stop < limit && bytes[stop] === byte.colon) return none
  plain.end = trimEnd(bytes, stop)
  if (stop < limit && bytes[stop] === byte.hash) walk.plain = undefined
  return lineAfter(bytes, stop, limit)
}

const beginsItem = (bytes: Buffer, at: number, limit: number) => bytes[at] === byte.dash && (at + 1 >= limit || isBlank(bytes[at + 1]))

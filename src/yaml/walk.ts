import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, YamlNode, YamlTree } from './node.ts'
import type { Part } from './part.ts'
import { hasSpecial } from './scan.ts'
import { byteOrderMark } from './stream.ts'
import { scanBlockScalar } from './walk-block-scalar.ts'
import { walkFlow } from './walk-flow.ts'
import { beginsPlain, byte, isBlank, isSpace, scanPlain, scanQuoted, trimEnd } from './walk-scalar.ts'

/** Deeper collections are left to the full parser. */
const maxBlockDepth = 100

type Open<T> = { -readonly [K in keyof T]: T[K] }
type OpenMapping = Open<MappingNode> & { entries: Open<MappingEntry>[] }
type OpenSequence = Open<SequenceNode> & { items: YamlNode[] }

/**
 * Reads the ordinary part of YAML, in one pass over the bytes and without decoding them: block collections, flow collections and JSON,
 * scalars in all styles, comments. Undefined where it is not sure (anchors, aliases, tags, explicit keys, odd indentation, anything
 * broken): the full parser decides. Where it answers, the answer is the full parser's.
 */
export function walkYaml(bytes: Buffer, part: Part): YamlTree | undefined {
  if (!isOrdinary(bytes, part)) return undefined
  const document = walkDocument(bytes, part)
  return document && { bytes, root: document.root, aliases: noAliases }
}

const noAliases: readonly never[] = []

function walkDocument(bytes: Buffer, part: Part): { root: YamlNode | undefined } | undefined {
  const limit = part.end
  const collections: (OpenMapping | OpenSequence)[] = []
  const indents: number[] = []
  let top: OpenMapping | OpenSequence | undefined
  /** The column that the lines of the value must lie behind. */
  const outside = part.blank === 0 ? -1 : textAt(bytes, part.start) - part.start
  let indent = outside
  let root: YamlNode | undefined
  /** Where the value of the last key or dash belongs, while it has not been found; -1 when it has. */
  let pending = part.start
  /** A plain scalar that the next line may continue. */
  let plain: Open<ScalarNode> | undefined

  let line = part.start
  let at = line + part.blank
  if (part.blank === 0) {
    at = line = afterHeader(bytes, line, limit)
    if (at === -1) return undefined
  }

  while (at < limit) {
    while (bytes[at] === byte.space && at < limit) at++
    if (at >= limit) break
    let first = bytes[at] as number
    if (first === byte.newline || first === byte.carriageReturn || first === byte.hash) {
      if (first === byte.hash) plain = undefined
      at = line = lineAfter(bytes, at, limit)
      continue
    }
    let column = at - line
    if (column === 0 && (first === byte.dash || first === byte.dot) && isMarker(bytes, at, limit)) {
      if (first === byte.dash || !isTail(bytes, at + 3, limit)) return undefined
      break
    }
    let isDash = first === byte.dash && (at + 1 >= limit || isBlank(bytes[at + 1]))

    let opens = false
    if (pending !== -1) {
      opens = column > indent || (isDash && column === indent && top?.kind === 'mapping')
      if (!opens) {
        if (!top) return undefined
        put(top, absent(pending))
        pending = -1
      }
    } else if (column > indent) {
      // not a new entry: only a plain scalar can go on here
      if (!plain || !beginsPlain(bytes, at, limit, false)) return undefined
      const stop = scanPlain(bytes, at, limit)
      if (bytes[stop] === byte.colon && stop < limit) return undefined
      plain.end = trimEnd(bytes, stop)
      if (bytes[stop] === byte.hash) plain = undefined
      at = line = lineAfter(bytes, stop, limit)
      continue
    }
    plain = undefined
    if (!opens) {
      while (top && (indent > column || (indent === column && top.kind === 'sequence' && !isDash))) {
        close(top)
        collections.pop()
        indents.pop()
        top = collections.at(-1)
        indent = indents.at(-1) ?? outside
      }
      if (!top || indent !== column || (top.kind === 'sequence') !== isDash) return undefined
    }

    // what stands on this line: dashes, at most one key, at most one value
    for (;;) {
      let node: Open<ScalarNode> | undefined
      let end = at
      if (isDash) {
        if (opens) {
          if (collections.length >= maxBlockDepth) return undefined
          const opened: OpenSequence = { kind: 'sequence', flow: false, start: at, end: at, items: [] }
          if (top) put(top, opened)
          else root = opened
          collections.push(opened)
          indents.push(column)
          top = opened
          indent = column
        }
        pending = ++at
      } else {
        if (first === byte.quote || first === byte.apostrophe) {
          end = scanQuoted(bytes, at, limit, indent)
          if (end === -1) return undefined
          node = { kind: 'scalar', style: first === byte.quote ? 'double' : 'single', start: at, end }
          while (bytes[end] === byte.space) end++
        } else if (beginsPlain(bytes, at, limit, false)) {
          end = scanPlain(bytes, at, limit)
          node = { kind: 'scalar', style: 'plain', start: at, end: trimEnd(bytes, end) }
        } else if (first === byte.openBrace || first === byte.openBracket) {
          if (!opens) return undefined
          const flow = walkFlow(bytes, at, limit, indent)
          if (!flow) return undefined
          end = restOfLine(bytes, flow.end, limit)
          if (end === -1) return undefined
          if (top) put(top, flow)
          else root = flow
          pending = -1
          at = line = end
          break
        } else return undefined

        if (bytes[end] !== byte.colon || end >= limit || !isBlank(bytes[end + 1])) {
          // a scalar of its own
          if (!opens || !top) return undefined
          put(top, node)
          pending = -1
          if (node.style === 'plain' && bytes[end] !== byte.hash) plain = node
          end = restOfLine(bytes, end, limit)
          if (end === -1) return undefined
          at = line = end
          break
        }
        if (node.end - node.start > 1000 || (node.style !== 'plain' && bytes.subarray(node.start, node.end).includes(byte.newline)))
          return undefined
        if (opens) {
          if (collections.length >= maxBlockDepth) return undefined
          const opened: OpenMapping = { kind: 'mapping', flow: false, start: at, end: at, entries: [] }
          if (top) put(top, opened)
          else root = opened
          collections.push(opened)
          indents.push(column)
          top = opened
          indent = column
        }
        ;(top as OpenMapping).entries.push({ key: node, value: node })
        pending = end + 1
        at = end + 1
      }

      while (bytes[at] === byte.space && at < limit) at++
      first = bytes[at] as number
      if (at >= limit || first === byte.newline || first === byte.carriageReturn || first === byte.hash) {
        at = line = lineAfter(bytes, at, limit)
        break
      }
      if (first === byte.tab) return undefined
      if (first === byte.bar || first === byte.greater) {
        const scalar = scanBlockScalar(bytes, at, limit, indent)
        if (!scalar) return undefined
        put(top as OpenMapping | OpenSequence, {
          kind: 'scalar',
          style: first === byte.bar ? 'literal' : 'folded',
          start: at,
          end: scalar.end,
        })
        pending = -1
        at = line = scalar.next
        break
      }
      if (isDash) {
        opens = true
        column = at - line
        isDash = first === byte.dash && (at + 1 >= limit || isBlank(bytes[at + 1]))
        continue
      }

      // the value of a key
      let value: YamlNode | undefined
      if (first === byte.quote || first === byte.apostrophe) {
        end = scanQuoted(bytes, at, limit, indent)
        if (end === -1) return undefined
        value = { kind: 'scalar', style: first === byte.quote ? 'double' : 'single', start: at, end }
      } else if (first === byte.openBrace || first === byte.openBracket) {
        value = walkFlow(bytes, at, limit, indent)
        if (!value) return undefined
        end = value.end
      } else {
        if (!beginsPlain(bytes, at, limit, false)) return undefined
        end = scanPlain(bytes, at, limit)
        if (bytes[end] === byte.colon && end < limit) return undefined
        value = { kind: 'scalar', style: 'plain', start: at, end: trimEnd(bytes, end) }
        if (bytes[end] !== byte.hash) plain = value
      }
      put(top as OpenMapping, value)
      pending = -1
      end = restOfLine(bytes, end, limit)
      if (end === -1) return undefined
      at = line = end
      break
    }
  }

  if (pending !== -1 && top) put(top, absent(pending))
  for (let last = collections.pop(); last; last = collections.pop()) close(last)
  return { root }
}

function textAt(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === byte.space) at++
  return at
}

function put(collection: OpenMapping | OpenSequence, node: YamlNode): void {
  if (collection.kind === 'sequence') collection.items.push(node)
  else (collection.entries[collection.entries.length - 1] as Open<MappingEntry>).value = node
}

function close(collection: OpenMapping | OpenSequence): void {
  const last = collection.kind === 'sequence' ? collection.items.at(-1) : collection.entries.at(-1)?.value
  if (last) collection.end = last.end
  const first = collection.kind === 'sequence' ? undefined : collection.entries[0]?.key
  if (first) collection.start = first.start
}

const absent = (at: number): ScalarNode => ({ kind: 'scalar', style: 'plain', start: at, end: at })

/** The beginning of the next line, over the comment or the spaces at `from`. */
function lineAfter(bytes: Buffer, from: number, limit: number): number {
  const at = bytes[from] === byte.newline ? from : bytes.indexOf(byte.newline, from)
  return at === -1 || at >= limit ? limit : at + 1
}

/** The beginning of the next line when nothing but spaces and a comment follow a value; else -1. */
function restOfLine(bytes: Buffer, from: number, limit: number): number {
  let at = from
  while (at < limit && isSpace(bytes[at])) at++
  if (at >= limit) return limit
  const found = bytes[at]
  if (found === byte.newline) return at + 1
  if (found === byte.carriageReturn || (found === byte.hash && isSpace(bytes[at - 1]))) return lineAfter(bytes, at, limit)
  return -1
}

/** Behind the byte order mark, comments and the `---` line of a document; -1 where a directive or text on that line makes it unusual. */
function afterHeader(bytes: Buffer, start: number, limit: number): number {
  let at = start + byteOrderMark(bytes, start)
  const first = at
  while (at < limit) {
    let text = at
    while (bytes[text] === byte.space && text < limit) text++
    const found = bytes[text]
    if (text >= limit || found === byte.newline || found === byte.carriageReturn || found === byte.hash) at = lineAfter(bytes, text, limit)
    else if (text === at && found === byte.dash && isMarker(bytes, at, limit)) return restOfLine(bytes, at + 3, limit)
    else return found === 0x25 ? -1 : first
  }
  return first
}

/** Whether `---` or `...` stands at `at` as a word. */
function isMarker(bytes: Buffer, at: number, limit: number): boolean {
  return bytes[at + 1] === bytes[at] && bytes[at + 2] === bytes[at] && (at + 3 >= limit || isBlank(bytes[at + 3]))
}

/** Whether nothing but blank lines and comments stands from `from` on. */
function isTail(bytes: Buffer, from: number, limit: number): boolean {
  for (let at = restOfLine(bytes, from, limit); at !== -1; at = restOfLine(bytes, at, limit)) {
    if (at >= limit) return true
    if (bytes[at] === byte.hash) at = lineAfter(bytes, at, limit)
  }
  return false
}

/** Which bytes are plain ASCII text (0), carriage returns (1), not ASCII (2), or control characters (4). */
const classes = Uint8Array.from({ length: 256 }, (_, value) => {
  if (value >= 0x80) return 2
  if (value === byte.carriageReturn) return 1
  return (value < 0x20 && value !== byte.tab && value !== byte.newline) || value === 0x7f ? 4 : 0
})

/** Whether the bytes are UTF-8 text without control characters or a byte order mark inside, whose lines end in `\n` or `\r\n`. */
function isOrdinary(bytes: Buffer, { start, end }: Part): boolean {
  if (!hasSpecial(bytes, start, end)) return true
  let found = 0
  for (let at = start; at < end; at++) found |= classes[bytes[at] as number] as number
  if ((found & 4) !== 0) return false
  if ((found & 1) !== 0) {
    for (let at = bytes.indexOf(byte.carriageReturn, start); at !== -1 && at < end; at = bytes.indexOf(byte.carriageReturn, at + 1)) {
      if (bytes[at + 1] !== byte.newline) return false
    }
  }
  return (found & 2) === 0 || isUtf8(bytes.subarray(start + byteOrderMark(bytes, start), end))
}

function isUtf8(bytes: Buffer): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).includes('\uFEFF')
  } catch {
    return false
  }
}

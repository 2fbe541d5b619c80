import type { ResourceListOutline } from './outline.ts'
import type { Part } from './part.ts'
import { lineEnd, nextLine } from './position.ts'
import { byteOrderMark, contentEnd } from './stream.ts'

/**
 * The outline of a ResourceList as kpt, kustomize and people write it, by the lines that begin in its first columns; `other` for another
 * kind of document; undefined where that can't be told for sure, and only a parser can.
 */
export function fastOutline(bytes: Buffer, document: Part): ResourceListOutline | 'other' | undefined {
  const end = contentEnd(bytes, document)
  const keys = topKeys(bytes, document.start, end)
  if (!keys) return undefined
  const kind = scalarAfter(bytes, keys.get('kind'))
  const apiVersion = scalarAfter(bytes, keys.get('apiVersion'))
  if (kind === undefined || apiVersion === undefined) return undefined
  if (kind !== 'ResourceList' || !apiVersion.startsWith('config.kubernetes.io/')) return 'other'

  const itemsKey = keys.get('items')
  const sequence = itemsKey ? itemLines(bytes, itemsKey) : { indent: 0, starts: [], end: 0 }
  if (!sequence) return undefined
  const items = sequence.starts.map((start, index) => ({
    start,
    end: sequence.starts[index + 1] ?? sequence.end,
    blank: sequence.indent + 1,
  }))

  const functionConfig = valuePart(keys.get('functionConfig'))
  const results = valuePart(keys.get('results'))
  return {
    shape: 'ResourceList',
    bytes,
    apiVersion,
    items,
    ...(functionConfig ? { functionConfig } : {}),
    ...(results ? { results } : {}),
    layout: {
      flow: false,
      indent: 0,
      itemIndent: sequence.indent,
      ...(results ? { results: { start: results.start, end: withoutTail(bytes, results.start, results.end) } } : {}),
      end,
    },
  }
}

interface TopKey extends Part {
  /** Dashes of a sequence in the first column. */
  readonly dashes: number[]
}

/** The keys in the first column, each with the lines up to the next; undefined where another line begins there. */
function topKeys(bytes: Buffer, start: number, end: number): Map<string, TopKey> | undefined {
  const keys = new Map<string, TopKey & { end: number }>()
  let last: (TopKey & { end: number }) | undefined
  const first = start + byteOrderMark(bytes, start)
  for (let at = first; at < end; at = nextLine(bytes, at)) {
    const byte = bytes[at]
    if (byte === 32 || byte === 10 || byte === 35) continue
    if (byte === 45) {
      const after = bytes[at + 1]
      if (last && (after === 32 || after === 10)) last.dashes.push(at)
      else if (last || !/^---[ \r]*$/.test(lineAt(bytes, at))) return undefined
      continue
    }
    if (byte === 13 && bytes[at + 1] === 10) continue
    const key = /^([A-Za-z]+):(?:[ \r]|$)/.exec(bytes.toString('latin1', at, Math.min(at + 80, lineEnd(bytes, at))))?.[1]
    if (key === undefined || keys.has(key)) return undefined
    if (last) last.end = at
    last = { start: at, end, blank: key.length + 1, dashes: [] }
    keys.set(key, last)
  }
  return keys
}

/** A scalar that stands on the key's line whole. */
function scalarAfter(bytes: Buffer, key: TopKey | undefined): string | undefined {
  if (!key || key.dashes.length > 0 || nextLine(bytes, key.start) < withoutTail(bytes, key.start, key.end)) return undefined
  const text = bytes.toString('latin1', key.start + key.blank, lineEnd(bytes, key.start))
  return /^ +(["']?)([A-Za-z][\w./-]*)\1 *(?:$| #)/.exec(text)?.[2]
}

function itemLines(bytes: Buffer, key: TopKey): { indent: number; starts: number[]; end: number } | undefined {
  const rest = bytes.toString('latin1', key.start + key.blank, lineEnd(bytes, key.start))
  const body = nextLine(bytes, key.start)
  if (/^ *\[\] *(?:$| #)/.test(rest))
    return withoutTail(bytes, key.start, key.end) <= body ? { indent: 0, starts: [], end: key.end } : undefined
  if (!/^ *(?:$| #)/.test(rest)) return undefined

  let first = body
  while (first < key.end && /^ *(?:$|#|\r$)/.test(lineAt(bytes, first))) first = nextLine(bytes, first)
  if (first >= key.end) return { indent: 0, starts: [], end: key.end }
  const indent = /^( *)-(?:[ \r]|$)/.exec(lineAt(bytes, first))?.[1]?.length
  if (indent === undefined) return undefined
  if (indent === 0) return key.dashes[0] === first ? { indent, starts: key.dashes, end: key.end } : undefined
  if (key.dashes.length > 0) return undefined

  const starts: number[] = []
  for (let at = first; at < key.end; at = nextLine(bytes, at)) {
    let column = 0
    while (column < indent && bytes[at + column] === 32) column++
    const byte = bytes[at + column]
    if (byte === 10 || byte === 35 || byte === undefined || (byte === 13 && bytes[at + column + 1] === 10)) continue
    if (column < indent) return undefined
    if (byte === 32) continue
    const after = bytes[at + column + 1]
    if (byte !== 45 || !(after === 32 || after === 10 || after === 13)) return undefined
    starts.push(at)
  }
  return { indent, starts, end: key.end }
}

function valuePart(key: TopKey | undefined): Part | undefined {
  return key && { start: key.start, end: key.end, blank: key.blank }
}

/** `end` moved before the blank lines and comments in the first column that stand there. */
function withoutTail(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start) {
    const line = bytes.lastIndexOf(10, at - 2) + 1
    if (line < start || !/^(?:\s*$|#)/.test(lineAt(bytes, line))) return at
    at = line
  }
  return at
}

const lineAt = (bytes: Buffer, at: number) => bytes.toString('latin1', at, Math.min(lineEnd(bytes, at), at + 1000))

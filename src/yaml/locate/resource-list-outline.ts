import type { ValueSpan } from '../parse/value-span.ts'
import { byteOrderMark, lineEnd, nextLine } from '../position.ts'
import { crossesItems } from './crossing-anchors.ts'
import type { ResourceListOutline } from './outline.ts'
import { maxIndent, type Scan, shallowLines } from './scan.ts'
import { markerAt } from './stream-outline.ts'
import { spansFrom } from './value-spans.ts'

/**
 * The outline of a ResourceList as kpt, kustomize and people write it, by the lines that begin in its first columns; `other` where the
 * first document is of another kind; undefined where that can't be told for sure, and only a parser can.
 */
export function fastOutline(scan: Scan): ResourceListOutline | 'other' | undefined {
  const { bytes } = scan
  const found = topKeys(scan)
  if (found === undefined || found === 'other') return found
  const { keys, end } = found
  const apiVersion = scalarOf(bytes, keys.get('apiVersion'))
  if (apiVersion === undefined || scalarOf(bytes, keys.get('kind')) === undefined) return undefined
  const itemsKey = keys.get('items')
  const lines = itemsKey ? itemLines(bytes, itemsKey) : { indent: 0, starts: [], end: 0 }
  if (!lines) return undefined
  const { indent, starts } = lines
  const endOf = (index: number) => starts[index + 1] ?? lines.end
  const items = spansFrom(starts, endOf, index => ({
    start: starts[index] as number,
    end: endOf(index),
    blank: indent + 1,
  }))
  if (crossesItems(scan, items)) return undefined

  const functionConfig = keys.get('functionConfig')
  const results = keys.get('results')
  return {
    shape: 'ResourceList',
    bytes,
    apiVersion,
    items,
    ...(functionConfig ? { functionConfig: valuePart(functionConfig) } : {}),
    ...(results ? { results: valuePart(results) } : {}),
    layout: {
      flow: false,
      indent: 0,
      itemIndent: indent,
      ...(results
        ? { results: { start: results.start, end: withoutTail(bytes, results.start, results.end) } }
        : {}),
      end,
    },
  }
}

/** A key in the first column, and the lines up to the next one. */
interface TopKey extends ValueSpan {
  /** Its lines in the first column that begin with a dash. */
  readonly dashes: readonly number[]
}

/** What makes a document a ResourceList. */
const identity = new Map([
  ['apiVersion', /^config\.kubernetes\.io\//],
  ['kind', /^ResourceList$/],
])

function topKeys({
  bytes,
  lines,
}: Scan): { keys: ReadonlyMap<string, TopKey>; end: number } | 'other' | undefined {
  const starts = new Map<string, number>()
  let opened = false
  let end = bytes.length
  for (const line of lines.others) {
    const at = line + byteOrderMark(bytes, line)
    if (bytes[at] === hash) continue
    const text = lineAt(bytes, at)
    if (isBlankOrComment.test(text)) continue
    const marker = markerAt(bytes, at)
    if (marker) {
      if (marker === '---' && starts.size === 0 && !opened && /^---\s*$/.test(text)) opened = true
      else if (
        marker === '...' &&
        starts.size > 0 &&
        !bytes.subarray(nextLine(bytes, at)).some(byte => byte > 0x20)
      ) {
        end = at
        break
      } else return undefined
      continue
    }
    const key = /^([A-Za-z]+):(?:\s|$)/.exec(text)?.[1]
    if (key === undefined || starts.has(key)) return undefined
    if (starts.size === 0 && (lines.dashes[0] ?? end) < at) return undefined
    const value = identity.get(key)?.test(scalarText(text) ?? '')
    if (value === false) return scalarText(text) === undefined ? undefined : 'other'
    starts.set(key, at)
  }
  return { keys: withLines(starts, end, lines.dashes), end }
}

/** Keys, in the order of their places, with the lines up to the next one. */
function withLines(
  starts: ReadonlyMap<string, number>,
  end: number,
  dashes: readonly number[],
): ReadonlyMap<string, TopKey> {
  const ends = [...starts.values(), end].slice(1)
  const keys = new Map<string, TopKey>()
  let first = 0
  for (const [key, start] of starts) {
    const end = ends[keys.size] as number
    let last = first
    while (last < dashes.length && (dashes[last] as number) < end) last++
    keys.set(key, { start, end, blank: key.length + 1, dashes: dashes.slice(first, last) })
    first = last
  }
  return keys
}

const scalarText = (line: string) =>
  /^[A-Za-z]+: +(["']?)([A-Za-z][\w./-]*)\1\s*(?:$| #)/.exec(line)?.[2]

/** A scalar whose only line is the key's. */
function scalarOf(bytes: Buffer, key: TopKey | undefined): string | undefined {
  if (
    !key ||
    key.dashes.length > 0 ||
    nextLine(bytes, key.start) < withoutTail(bytes, key.start, key.end)
  )
    return undefined
  return scalarText(lineAt(bytes, key.start))
}

interface ItemLines {
  /** Columns before the dashes. */
  readonly indent: number
  readonly starts: readonly number[]
  readonly end: number
}

function itemLines(bytes: Buffer, key: TopKey): ItemLines | undefined {
  const { start, end, dashes } = key
  const body = nextLine(bytes, start)
  const rest = lineAt(bytes, start).slice('items:'.length)
  if (/^ *\[\] *(?:$|\r$| #)/.test(rest))
    return withoutTail(bytes, start, end) <= body ? { indent: 0, starts: [], end } : undefined
  if (!/^ *(?:$|\r$| #)/.test(rest)) return undefined

  let first = body
  while (first < end && isBlankOrComment.test(lineAt(bytes, first))) first = nextLine(bytes, first)
  if (first >= end) return { indent: 0, starts: [], end }
  const indent = /^( *)-(?:\s|$)/.exec(lineAt(bytes, first))?.[1]?.length
  if (indent === undefined || indent > maxIndent) return undefined
  if (indent === 0) return dashes[0] === first ? { indent, starts: dashes, end } : undefined
  const starts = dashes.length > 0 ? undefined : indentedDashes(bytes, first, end, indent)
  return starts && { indent, starts, end }
}

/** The lines whose dash stands behind `indent` spaces; undefined where a line with less, or without a dash there, stands between them. */
function indentedDashes(
  bytes: Buffer,
  start: number,
  end: number,
  indent: number,
): readonly number[] | undefined {
  const { dashes, others } = shallowLines(bytes, start - 1, end, indent)
  return others.every(line => bytes[skipSpaces(bytes, line)] === hash) ? dashes : undefined
}

function skipSpaces(bytes: Buffer, line: number): number {
  let at = line
  while (bytes[at] === 0x20) at++
  return at
}

const valuePart = ({ start, end, blank }: TopKey): ValueSpan => ({ start, end, blank })

/** `end` moved before the blank lines and comments in the first column that stand there. */
function withoutTail(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start) {
    const line = bytes.lastIndexOf(0x0a, at - 2) + 1
    if (line < start || !/^(?:\s*$|#)/.test(lineAt(bytes, line))) return at
    at = line
  }
  return at
}

const hash = 0x23

const isBlankOrComment = /^[ \r]*(?:$|#)/

/** The beginning of a line: all that is needed of the lines that matter here. */
const lineAt = (bytes: Buffer, at: number) =>
  bytes.toString('latin1', at, Math.min(lineEnd(bytes, at), at + 1000))

import type { ValueSpan } from '../parse/value-span.ts'
import { byteOrderMark, lineEnd, nextLine } from '../position.ts'
import type { MappingNode, YamlTree } from '../tree/node.ts'
import { crossesItems } from './crossing-anchors.ts'
import { maxIndent, type Scan, shallowLines } from './scan.ts'
import { markerAt } from './stream-outline.ts'
import { spansFrom, type ValueSpans } from './value-spans.ts'

export interface ResourceListOutline {
  readonly shape: 'ResourceList'
  readonly bytes: Buffer
  /** The items, in order. */
  readonly items: ValueSpans
  /** `config.kubernetes.io/v1` or another version of that group. */
  readonly apiVersion: string
  readonly functionConfig?: ValueSpan
  /** Results of the functions that ran before this one. */
  readonly results?: ValueSpan
  readonly layout: ListLayout
}

/** How the top-level mapping of the ResourceList is written: what `replaceResults` needs. */
export type ListLayout = BlockListLayout | FlowListLayout

export interface BlockListLayout {
  readonly flow: false
  /** Columns before the keys, and before the dashes of `items`. */
  readonly indent: number
  readonly itemIndent: number
  /** The lines of `results`, if there are any. */
  readonly results?: { readonly start: number; readonly end: number }
  /** Where another key can be inserted: before `...`, or at the end of the bytes. */
  readonly end: number
}

export interface FlowListLayout {
  readonly flow: true
  readonly tree: YamlTree
  readonly mapping: MappingNode
}

/**
 * The outline of a ResourceList as kpt, kustomize and people write it, from the lines that begin in
 * its first columns. Returns `other` if the first document is of another kind, and undefined if
 * only a parser can decide.
 */
export function fastOutline(scan: Scan): ResourceListOutline | 'other' | undefined {
  const { bytes } = scan
  const top = topKeys(scan)
  if (top === undefined || top === 'other') return top
  const { keys, end } = top
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
    ...(functionConfig ? { functionConfig: spanOf(functionConfig) } : {}),
    ...(results ? { results: spanOf(results) } : {}),
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
  /** Those of its lines that begin with a dash in the first column. */
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
  let isOpen = false
  let end = bytes.length
  for (const line of lines.others) {
    const start = line + byteOrderMark(bytes, line)
    if (bytes[start] === hash) continue
    const text = lineAt(bytes, start)
    if (isBlankOrComment.test(text)) continue
    const marker = markerAt(bytes, start)
    if (marker) {
      if (marker === '---' && starts.size === 0 && !isOpen && /^---\s*$/.test(text)) isOpen = true
      else if (
        marker === '...' &&
        starts.size > 0 &&
        !bytes.subarray(nextLine(bytes, start)).some(byte => byte > 0x20)
      ) {
        end = start
        break
      } else return undefined
      continue
    }
    const key = /^([A-Za-z]+):(?:\s|$)/.exec(text)?.[1]
    if (key === undefined || starts.has(key)) return undefined
    if (starts.size === 0 && (lines.dashes[0] ?? end) < start) return undefined
    const isExpected = identity.get(key)?.test(scalarText(text) ?? '')
    if (isExpected === false) return scalarText(text) === undefined ? undefined : 'other'
    starts.set(key, start)
  }
  return { keys: withLines(starts, end, lines.dashes), end }
}

/** Keys, in the order of the bytes, with the lines up to the next one. */
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

/** The value of a key that has only one line. */
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

/**
 * The lines with a dash after `indent` spaces; undefined if a line between them has fewer spaces or
 * no dash there.
 */
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
  let offset = line
  while (bytes[offset] === 0x20) offset++
  return offset
}

const spanOf = ({ start, end, blank }: TopKey): ValueSpan => ({ start, end, blank })

/** `end` without the blank lines and the comments in the first column directly before it. */
function withoutTail(bytes: Buffer, start: number, end: number): number {
  let tail = end
  while (tail > start) {
    const line = bytes.lastIndexOf(0x0a, tail - 2) + 1
    if (line < start || !/^(?:\s*$|#)/.test(lineAt(bytes, line))) return tail
    tail = line
  }
  return tail
}

const hash = 0x23

const isBlankOrComment = /^[ \r]*(?:$|#)/

/** The beginning of a line: more is not needed of the lines that matter here. */
const lineAt = (bytes: Buffer, start: number) =>
  bytes.toString('latin1', start, Math.min(lineEnd(bytes, start), start + 1000))

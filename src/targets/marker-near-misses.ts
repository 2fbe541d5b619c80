import type { Document } from '../krm/document.ts'
import type { Resource, ResourceDocument } from '../krm/resource.ts'
import type { Place } from '../place.ts'
import type { Problems } from '../problems.ts'
import { firstFrom } from '../yaml/offsets.ts'
import { lineEnd, lineStart, positionOf } from '../yaml/position.ts'
import type { YamlNode } from '../yaml/tree/node.ts'
import { scalarsOnLines } from '../yaml/tree/scalars-on-lines.ts'
import type { Lines } from './commented-scalars.ts'
import { markerMention, markerProblem, parseMarker } from './marker.ts'
import { rootProblem } from './skipped-by-flux.ts'

/**
 * Reports the comments that mention `$imagepolicy` and mark nothing: Flux passes over them in
 * silence, and so would we.
 */
export interface NearMisses {
  /**
   * Looks at the places in a resource that mention it. `taken` are the lines whose comments were
   * read as markers.
   */
  look(resource: Resource, whole: Lines, mentions: readonly number[], taken: readonly Lines[]): void
  /** Reports, once, that Flux skips a document with all its markers. */
  skip(document: ResourceDocument, whole: Lines, reason: string): void
  /** Looks at what is in no resource. */
  finish(documents: readonly Document[]): void
}

/** More of one document add nothing. */
const mostReported = 10

export function nearMisses(problems: Problems): NearMisses {
  /** The starts and ends of the resources that were looked at, in turn. */
  const lookedAt = new Map<ResourceDocument, number[]>()
  const reported = new Map<ResourceDocument, number>()
  const skipped = new Set<ResourceDocument>()

  const report = (document: ResourceDocument, at: number, problem: string, resource?: Resource) => {
    const count = (reported.get(document) ?? 0) + 1
    reported.set(document, count)
    if (count > mostReported) return
    const { line } = positionOf(document.bytes, at)
    const place: Place = {
      ...(resource && resource.id.kind !== '' && { resource: resource.id }),
      file: document.file ?? 'stdin',
      line,
    }
    problems.warn(`mentions $imagepolicy, but marks nothing: ${problem}`, place)
  }
  const remember = (document: ResourceDocument, { start, end }: Lines) => {
    const spans = lookedAt.get(document)
    if (spans === undefined) lookedAt.set(document, [start, end])
    else spans.push(start, end)
  }

  return {
    look(resource, whole, mentions, taken) {
      const { document } = resource
      remember(document, whole)
      let next = 0
      const untaken = mentions.filter(at => {
        while ((taken[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next++
        return (taken[next]?.start ?? Number.POSITIVE_INFINITY) > at
      })
      if (untaken.length === 0) return
      const problemAt = judge(resource, untaken)
      for (const at of untaken) {
        const problem = problemAt(at)
        if (problem !== undefined) report(document, at, problem, resource)
      }
    },
    skip(document, whole, reason) {
      remember(document, whole)
      if (skipped.has(document)) return
      skipped.add(document)
      problems.warn(`its $imagepolicy markers are left alone, as in Flux, because of ${reason}`, {
        file: document.file ?? 'stdin',
      })
    },
    finish(documents) {
      for (const document of documents) {
        const spans = lookedAt.get(document) ?? []
        const problemAt = judgeOutside(document)
        for (const at of document.find(markerMention)) {
          if (isWithin(spans, at)) continue
          const problem = problemAt(at)
          if (problem !== undefined) report(document, at, problem)
        }
        const more = (reported.get(document) ?? 0) - mostReported
        if (more > 0)
          problems.warn(`mentions $imagepolicy on ${more} more lines that mark nothing`, {
            file: document.file ?? 'stdin',
          })
      }
    },
  }
}

/**
 * Whether the offset is in one of the spans, whose starts and ends are given in turn and in order.
 */
function isWithin(spans: readonly number[], at: number): boolean {
  const next = firstFrom(spans, at)
  return next % 2 === 1 || spans[next] === at
}

/**
 * Says why the comment at an offset marks nothing; undefined if it is not a comment that looks like
 * a marker. Asked in ascending order.
 */
type Judge = (at: number) => string | undefined

/** A longer text is not meant to be a marker. */
const longestMarker = 4096

/**
 * A line, and its first comment once that was judged: each comment is judged once, however often it
 * mentions markers.
 */
interface JudgedLine extends Lines {
  comment: number | undefined
  /** No comment begins before this offset. */
  searched: number
}

/** The lines of ascending offsets, each found once. */
function linesOf(bytes: Buffer): (at: number) => JudgedLine {
  let line: JudgedLine = { start: 0, end: -1, comment: undefined, searched: 0 }
  return at => {
    if (at < line.end) return line
    const start = lineStart(bytes, at)
    line = { start, end: lineEnd(bytes, at), comment: undefined, searched: start }
    return line
  }
}

/** Judges the comments of a resource at these offsets. */
function judge(resource: Resource, mentions: readonly number[]): Judge {
  const { tree, root } = resource.open()
  const { bytes } = tree
  const start = lineStart(bytes, mentions[0] as number)
  const end = lineEnd(bytes, mentions.at(-1) as number)
  const scalars = scalarsOnLines(tree, root, start, end).map(({ node }) => node)
  const lineOf = linesOf(bytes)
  return at => {
    const line = lineOf(at)
    if (line.comment !== undefined) return undefined
    const holder = holding(scalars, at)
    if (holder === undefined) {
      line.comment = commentStart(bytes, line, at, scalars)
      return commentProblem(bytes, line.comment, line.end)
    }
    const isBlock = holder.style === 'literal' || holder.style === 'folded'
    if (!isBlock) return undefined
    const isMarker = isMarkerText(bytes, lastHash(bytes, line.start, at), line.end)
    return isMarker ? 'it is text of a block scalar, not a comment' : undefined
  }
}

/** The scalar, of these in order, that holds an offset. */
function holding<Node extends YamlNode>(scalars: readonly Node[], at: number): Node | undefined {
  let [low, high] = [0, scalars.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((scalars[middle] as Node).end <= at) low = middle + 1
    else high = middle
  }
  const node = scalars[low]
  return node !== undefined && node.start <= at ? node : undefined
}

/**
 * Where the last `#` before an offset is, near enough to begin a marker there; -1 if there is none.
 */
function lastHash(bytes: Buffer, lineStart: number, at: number): number {
  const from = Math.max(lineStart, at - longestMarker)
  const hash = bytes.subarray(from, at).lastIndexOf(hashSign)
  return hash === -1 ? -1 : from + hash
}

const isMarkerText = (bytes: Buffer, hash: number, end: number) =>
  hash !== -1 &&
  end - hash <= longestMarker &&
  parseMarker(bytes.toString('utf8', hash, end)) !== undefined

/** Judges the comments outside of all resources. */
function judgeOutside({ bytes, outline }: Document): Judge {
  const lineOf = linesOf(bytes)
  let line: JudgedLine | undefined
  let isAloneThere = false
  let root: string | undefined
  return at => {
    const own = lineOf(at)
    if (own !== line) {
      line = own
      isAloneThere = isAlone(bytes, own.start)
      const item = outline.shape === 'stream' ? outline.items.holding(at, at + 1, 0) : -1
      root = item === -1 ? undefined : rootProblem(bytes, outline.items.at(item))
    }
    if (own.comment !== undefined || (root === undefined && !isAloneThere)) return undefined
    if (isAloneThere) own.comment = commentStart(bytes, own, at, [])
    if (root === undefined) return commentProblem(bytes, own.comment, own.end)
    // without a tree: the first `#` may be in a scalar
    const hash = own.comment ?? lastHash(bytes, own.start, at)
    return isMarkerText(bytes, hash, own.end)
      ? `Flux reads markers only in mappings, and this is in ${root}`
      : undefined
  }
}

/** Whether there is nothing but a comment on the line. */
const isAlone = (bytes: Buffer, start: number) =>
  /^[ \t]*#/.test(bytes.toString('latin1', start, lineEnd(bytes, start)))

function commentProblem(bytes: Buffer, hash: number | undefined, end: number): string | undefined {
  if (hash === undefined || end - hash > longestMarker) return undefined
  const comment = bytes.toString('utf8', hash, end)
  const alone = isAlone(bytes, lineStart(bytes, hash))
  // prose about markers, and YAML that is commented out, do not begin like a marker
  if (alone && !/^#\s*\{/.test(comment)) return undefined
  const problem = markerProblem(comment)
  if (problem !== undefined || parseMarker(comment) === undefined) return problem
  return alone
    ? 'it is on a line of its own; put it after the value, on the same line'
    : 'it does not follow a scalar value'
}

const hashSign = 0x23

/**
 * Where the comment begins that mentions an offset: at the first `#` of its line that is not in a
 * scalar.
 */
function commentStart(
  bytes: Buffer,
  line: JudgedLine,
  at: number,
  scalars: readonly YamlNode[],
): number | undefined {
  for (; line.searched < at; line.searched++) {
    const hash = line.searched
    if (bytes[hash] !== hashSign) continue
    const isAfterSpace = hash === line.start || /\s/.test(String.fromCharCode(bytes[hash - 1] ?? 0))
    if (isAfterSpace && holding(scalars, hash) === undefined) return hash
  }
  return undefined
}

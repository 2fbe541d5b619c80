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

/** Reports the comments that mention `$imagepolicy` and mark nothing: Flux passes over them in silence, and so would we. */
export interface NearMisses {
  /** Looks at the places in a resource that mention it. `taken` are the lines whose comments were read as markers. */
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
      for (const at of mentions) {
        while ((taken[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next++
        if ((taken[next]?.start ?? Number.POSITIVE_INFINITY) <= at) continue
        const problem = problemAt(resource, at)
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
        for (const at of document.find(markerMention)) {
          if (isWithin(spans, at)) continue
          const problem = problemOutside(document, at)
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

/** Whether the offset is in one of the spans, whose starts and ends are given in turn and in order. */
function isWithin(spans: readonly number[], at: number): boolean {
  const next = firstFrom(spans, at)
  return next % 2 === 1 || spans[next] === at
}

/** Why the comment at an offset of a resource marks nothing; undefined if it does not look like a marker. */
function problemAt(resource: Resource, at: number): string | undefined {
  const { tree, root } = resource.open()
  const { bytes } = tree
  const start = lineStart(bytes, at)
  const end = lineEnd(bytes, at)
  const scalars = scalarsOnLines(tree, root, start, end).map(({ node }) => node)
  const holder = scalars.find(node => holds(node, at))
  if (holder === undefined) return commentProblem(bytes, commentStart(bytes, start, at, scalars))
  const { style } = holder
  const isBlock = style === 'literal' || style === 'folded'
  if (!isBlock) return undefined
  const hash = bytes.lastIndexOf(hashSign, at)
  const isMarker = hash >= start && parseMarker(bytes.toString('utf8', hash, end)) !== undefined
  return isMarker ? 'it is text of a block scalar, not a comment' : undefined
}

const holds = ({ start, end }: YamlNode, at: number) => start <= at && at < end

/** Why a comment outside of all resources marks nothing. */
function problemOutside({ bytes, outline }: Document, at: number): string | undefined {
  const start = lineStart(bytes, at)
  const alone = isAlone(bytes, start)
  const item = outline.shape === 'stream' ? outline.items.holding(at, at + 1, 0) : -1
  const root = item === -1 ? undefined : rootProblem(bytes, outline.items.at(item))
  if (root === undefined && !alone) return undefined
  const first = commentStart(bytes, start, at, [])
  if (root === undefined) return commentProblem(bytes, first)
  // without a tree: the first `#` may be in a scalar
  const hash = alone ? first : bytes.lastIndexOf(hashSign, at)
  if (hash === undefined || hash < start) return undefined
  const isMarker = parseMarker(bytes.toString('utf8', hash, lineEnd(bytes, at))) !== undefined
  return isMarker ? `Flux reads markers only in mappings, and this is in ${root}` : undefined
}

/** Whether there is nothing but a comment on the line. */
const isAlone = (bytes: Buffer, start: number) =>
  /^[ \t]*#/.test(bytes.toString('latin1', start, lineEnd(bytes, start)))

function commentProblem(bytes: Buffer, hash: number | undefined): string | undefined {
  if (hash === undefined) return undefined
  const comment = bytes.toString('utf8', hash, lineEnd(bytes, hash))
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

/** Where the comment begins that mentions an offset: at the first `#` of its line that is not in a scalar. */
function commentStart(
  bytes: Buffer,
  start: number,
  at: number,
  scalars: readonly YamlNode[],
): number | undefined {
  for (let hash = bytes.indexOf(hashSign, start); hash !== -1 && hash < at; ) {
    const isAfterSpace = hash === start || /\s/.test(String.fromCharCode(bytes[hash - 1] ?? 0))
    if (isAfterSpace && !scalars.some(node => holds(node, hash))) return hash
    hash = bytes.indexOf(hashSign, hash + 1)
  }
  return undefined
}

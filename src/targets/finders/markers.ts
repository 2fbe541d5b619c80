import { formatPath } from '../../field-path.ts'
import { placeOf, type Resource, type ResourceDocument } from '../../krm/resource.ts'
import type { ImagePolicy } from '../../policy/image-policy.ts'
import { narrowest } from '../../policy/scope.ts'
import { lineEnd, lineStart, nextLine } from '../../yaml/position.ts'
import { headComment, lineComment } from '../../yaml/tree/comments.ts'
import type { ScalarNode, YamlNode, YamlTree } from '../../yaml/tree/node.ts'
import { scalarsOnLines } from '../../yaml/tree/scalars-on-lines.ts'
import { textOf } from '../../yaml/tree/value.ts'
import type { Claims } from '../claims.ts'
import { longFormMention, type Marker, markerMention, parseMarker } from '../marker.ts'
import { type MarkerLines, nearMisses } from '../marker-near-misses.ts'
import { nearestPolicy, policiesNamed } from '../policy-name.ts'
import { skippedByFlux } from '../skipped-by-flux.ts'
import type { Target } from '../target.ts'
import type { NewTargetFinder } from '../target-finder.ts'
import { nestedWorkloads } from '../workload.ts'

/** A marker, and the policies that it names. */
interface NamedMarker {
  readonly marker: Marker
  readonly named: readonly ImagePolicy[]
}

/**
 * The scalars that `$imagepolicy` comments mark, in values of mappings and elements of sequences. As in Flux, aliases are not followed,
 * and of duplicate keys the first counts. A marked scalar belongs to its marker, even if it names an unknown policy.
 */
export const markers: NewTargetFinder = ({ documents, policies, config, problems }) => {
  const isOn = config.targets.markers
  const targets: Target[] = []
  const known = new Map<string, NamedMarker>()
  const skipReason = skippedByFlux()
  const misses = nearMisses(problems)
  /** Resources whose markers can't be told yet from comments: they count if another item of their file has a plain one. */
  const undecided: Resource[] = []
  const filesWithMarkers = new Set<string | undefined>()

  const markerOf = (comment: string | undefined): NamedMarker | undefined => {
    if (comment === undefined) return undefined
    const before = known.get(comment)
    if (before !== undefined) return before
    const marker = parseMarker(comment)
    if (marker === undefined) return undefined
    const named = { marker, named: policiesNamed(marker.policy, policies) }
    known.set(comment, named)
    return named
  }

  const take = (resource: Resource, spans: readonly Span[], claims: Claims): MarkerLines => {
    const { document } = resource
    const { tree, root } = resource.open()
    const lines: number[] = []
    const workloadOf = nestedWorkloads(resource)
    // for each span the tape is searched from its beginning: of many spans, all that is between them is looked at once
    const around = spans.length > fewSpans ? [hull(spans)] : spans
    let after = 0
    for (const { start, end } of around) {
      for (const { path, node } of scalarsOnLines(tree, root, start, end)) {
        const isSeen = node.start < after // it is on the lines of the span before, too
        if (isSeen || (around !== spans && !touches(spans, node))) continue
        after = node.end
        const comment = lineComment(tree, node)
        const found = markerOf(comment ?? headComment(tree, node))
        if (found === undefined) continue
        const { marker, named } = found
        const current = textOf(tree, node)
        lines.push(...linesOf(tree, node, comment === undefined))
        claims.mark(document, node.start)
        const place = () => placeOf(resource, formatPath(path))
        const [policy] = narrowest(named, resource)
        if (policy === undefined) {
          if (named.length > 0) continue // outside the scope of each
          const problem = `is marked with "${marker.policy}", which is not the name of a policy of the input; ${nearestPolicy(marker.policy, policies)}`
          problems.warn(problem, place())
          continue
        }
        if (current.includes('=') && isAssignment.test(current) && marker.part !== 'digest')
          problems.warn(
            `is "${current}", which its marker replaces as a whole, as Flux does; move the image to a field of its own`,
            place(),
          )
        claims.markPolicy(policy)
        const workload = workloadOf(path)
        targets.push({
          resource,
          path,
          offset: node.start,
          part: marker.part,
          current,
          policy,
          pinned: false,
          asFlux: true,
          ...(workload && { workload }),
          ...(tree.aliases.length > 0 && { shared: { node, aliases: [] } }),
        })
      }
    }
    return lines
  }

  return {
    mentions: isOn ? [markerMention, longFormMention] : [],
    look(resource, claims) {
      if (!isOn) return
      const { document } = resource
      const { tree, root } = resource.open()
      const end = nextLine(tree.bytes, root.end)
      const plain = document.find(markerMention, root.start, end)
      const unusual = unusualForms.some(text => document.mentions(text, root.start, end))
      if (plain.length === 0 && !unusual) return
      const reason = plain.length > 0 ? skipReason(document) : undefined
      if (reason !== undefined) return misses.skip(document, root.start, end, reason)
      if (plain.length > 0) filesWithMarkers.add(resource.id.file)
      else if (!mayHoldMarkers(document)) return
      else if (document.shape === 'ResourceList') return void undecided.push(resource)
      const whole = unusual && mayHoldMarkers(document)
      const spans = whole ? [{ start: root.start, end }] : plain.map(at => spanAround(tree, at))
      misses.look(resource, {
        start: root.start,
        end,
        mentions: plain,
        lines: take(resource, spans, claims),
      })
    },
    finish(claims) {
      for (const resource of undecided) {
        const { tree, root } = resource.open()
        if (filesWithMarkers.has(resource.id.file))
          take(resource, [{ start: root.start, end: nextLine(tree.bytes, root.end) }], claims)
      }
      if (isOn) misses.finish(documents)
      return { targets }
    },
  }
}

/**
 * Whether Flux would look for markers in the file, of either form: it must hold `"$imagepolicy"`, with the quotes.
 * Source: image-automation-controller d36e2ea, internal/update/filereader.go.
 */
const mayHoldMarkers = ({ bytes, find }: ResourceDocument) =>
  find(markerMention).some(
    at => bytes[at - 1] === quote && bytes[at + markerMention.length] === quote,
  )

const quote = 0x22

/** A name can be written with escapes, or in a long form, in a file that holds a plain marker somewhere. */
const unusualForms = [longFormMention, '\\u']

/** `KEY=value`, as in a list of environment variables. */
const isAssignment = /^[A-Za-z_][\w.-]*=/

/** From the start of a line that can hold a marker to the end of the next: the scalars that it may belong to begin or end there. */
interface Span {
  readonly start: number
  readonly end: number
}

const fewSpans = 4

const hull = (spans: readonly Span[]): Span => ({
  start: (spans[0] as Span).start,
  end: (spans.at(-1) as Span).end,
})

const spanAround = ({ bytes }: YamlTree, at: number): Span => ({
  start: lineStart(bytes, at),
  end: nextLine(bytes, nextLine(bytes, at)),
})

/** Whether the node begins or ends on one of the lines, or holds one. */
function touches(spans: readonly Span[], { start, end }: YamlNode): boolean {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle] as Span).end <= start) low = middle + 1
    else high = middle
  }
  return end >= (spans[low]?.start ?? Number.POSITIVE_INFINITY)
}

/** The lines of the comment that marks a scalar: its own last line (of a block scalar the first), or the comment lines above it. */
function linesOf({ bytes }: YamlTree, node: ScalarNode, isAbove: boolean): [number, number] {
  const isBlock = node.style === 'literal' || node.style === 'folded'
  const last = isBlock || isAbove ? node.start : node.end
  let first = lineStart(bytes, last)
  const end = isAbove ? first : lineEnd(bytes, last)
  while (isAbove && first > 0 && isComment(bytes, lineStart(bytes, first - 1)))
    first = lineStart(bytes, first - 1)
  return [first, end]
}

const isComment = (bytes: Buffer, line: number) =>
  /^[ \t]*#/.test(bytes.toString('latin1', line, lineEnd(bytes, line)))

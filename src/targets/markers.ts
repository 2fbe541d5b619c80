import type { Notice } from '../errors.ts'
import { placeOf, type Resource, type ResourceTree } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { narrowest } from '../policy/scope.ts'
import { lineStart, nextLine } from '../yaml/position.ts'
import { headComment, lineComment } from '../yaml/tree/comments.ts'
import type { YamlNode } from '../yaml/tree/node.ts'
import { scalarsOnLines } from '../yaml/tree/scalars-on-lines.ts'
import { placeOfText, textOf } from '../yaml/tree/value.ts'
import { type Marker, parseMarker } from './marker.ts'
import { nearestPolicy, policiesNamed } from './policy-name.ts'
import { formatPath, type Target } from './target.ts'

/** Bytes that stand in every resource with a marker that Flux would look at. */
export const markerNeedle = '$imagepolicy'

/**
 * Finds in one resource after another the scalars that `$imagepolicy` comments mark, in values of mappings and elements of sequences. As
 * in Flux, aliases are not followed, and of duplicate keys the first counts. A marker of an unknown policy is a warning: Flux ignores it.
 */
export function markedTargets(policies: readonly ImagePolicy[]): (resource: Resource) => Marked {
  const known = new Map<string, NamedMarker>()

  const markerOf = (comment: string | undefined): NamedMarker | undefined => {
    const before = comment === undefined ? undefined : known.get(comment)
    const marker = comment === undefined || before !== undefined ? undefined : parseMarker(comment)
    if (comment === undefined || marker === undefined) return before
    const named = { marker, all: policiesNamed(marker.policy, policies) }
    known.set(comment, named)
    return named
  }

  return resource => {
    const opened = resource.open()
    const { tree, root } = opened
    const lines = markedLines(opened)
    // for each line the tape is searched from its beginning: of many lines, all that stands between is looked at once
    const ranges =
      lines.length > fewLines
        ? [{ start: (lines[0] as MarkedLines).start, end: (lines.at(-1) as MarkedLines).end }]
        : lines
    const targets: Target[] = []
    const notices: Notice[] = []
    const aliases = tree.aliases.length > 0 ? { aliases: [] } : {}
    let behind = 0
    for (const { start, end } of ranges) {
      for (const { path, node } of scalarsOnLines(tree, root, start, end)) {
        if (node.start < behind || (ranges !== lines && !touches(lines, node))) continue // it also stands on the lines before, or between
        behind = node.end
        const named = markerOf(lineComment(tree, node) ?? headComment(tree, node))
        if (named === undefined) continue
        const { marker, all } = named
        const [policy] = narrowest(all, resource)
        if (policy !== undefined) {
          targets.push({
            resource,
            path,
            node,
            ...aliases,
            current: textOf(tree, node),
            part: marker.part,
            policy,
            by: 'marker',
          })
        } else if (all.length === 0) {
          const problem = `is marked with "${marker.policy}", which names no policy of the input; ${nearestPolicy(marker.policy, policies)}`
          notices.push({ severity: 'warning', problem, place: placeOf(resource, formatPath(path)) })
        }
      }
    }
    return { targets, notices }
  }
}

export interface Marked {
  readonly targets: readonly Target[]
  readonly notices: readonly Notice[]
}

/** A marker, and the policies that it names. */
interface NamedMarker {
  readonly marker: Marker
  readonly all: readonly ImagePolicy[]
}

/** From the start of a line that can hold a marker to the end of the next: the scalars that it may belong to begin or end there. */
interface MarkedLines {
  readonly start: number
  readonly end: number
}

const fewLines = 4

/** Whether the node begins or ends on one of the lines, or holds one. */
function touches(lines: readonly MarkedLines[], { start, end }: YamlNode): boolean {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle] as MarkedLines).end <= start) low = middle + 1
    else high = middle
  }
  return end >= (lines[low]?.start ?? Number.POSITIVE_INFINITY)
}

/** A name can be written with escapes, and in a long form, once the file holds one marker that is not. */
function markedLines({ tree, root }: ResourceTree): readonly MarkedLines[] {
  const { bytes } = tree
  const end = nextLine(bytes, root.end)
  const find = (text: string, from: number) => placeOfText(tree, root, text, from, end)
  const first = find(markerNeedle, root.start)
  if (first === -1) return []
  if (find('\\u', root.start) !== -1 || find('io.k8s.cli.setters', root.start) !== -1)
    return [{ start: root.start, end }]
  const lines: MarkedLines[] = []
  for (let at = first; at !== -1; at = find(markerNeedle, at + 1)) {
    lines.push({ start: lineStart(bytes, at), end: nextLine(bytes, nextLine(bytes, at)) })
  }
  return lines
}

import type { Notice } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { narrowest } from '../policy/scope.ts'
import { headComment, lineComment } from '../yaml/comments.ts'
import type { MappingEntry, MappingNode, YamlNode, YamlTree } from '../yaml/node.ts'
import { nextLine } from '../yaml/position.ts'
import { entriesTouching, entryOf, textOf } from '../yaml/value.ts'
import { type Marker, parseMarker } from './marker.ts'
import { nearestPolicy, policiesNamed } from './policy-name.ts'
import { formatPath, type Target } from './target.ts'
import { newTrail, stepTo, type Trail } from './trail.ts'

/** Bytes that stand in every resource with a marker that Flux would look at. */
export const markerNeedle = '$imagepolicy'

/**
 * Finds in one resource after another the scalars that `$imagepolicy` comments mark, in values of mappings and elements of sequences. As
 * in Flux, aliases are not followed, and of duplicate keys the first counts. A marker of an unknown policy is a warning: Flux ignores it.
 */
export function markedTargets(policies: readonly ImagePolicy[]): (resource: Resource) => Marked {
  const start = newTrail()
  const known = new Map<string, NamedMarker>()

  const inside = (found: Found, node: YamlNode, trail: Trail): void => {
    const { tree, lines } = found
    if (node.kind === 'mapping') {
      const touched = entriesBetween(node, lines)
      const firsts = touched.length > fewKeys ? firstEntries(tree, node) : undefined
      for (const entry of touched) {
        const name = textOf(tree, entry.key)
        if ((firsts?.get(name) ?? entryOf(tree, node, name)) === entry) visit(found, entry.value, stepTo(trail, name))
      }
    } else if (node.kind === 'sequence') {
      for (const [index, item] of node.items.entries()) {
        if (touches(lines, item.start, item.end)) visit(found, item, stepTo(trail, index))
      }
    }
  }

  const visit = (found: Found, node: YamlNode, trail: Trail): void => {
    if (node.kind !== 'scalar') return inside(found, node, trail)
    const { resource, tree, targets, notices } = found
    const named = markerOf(lineComment(tree, node) ?? headComment(tree, node))
    if (named === undefined) return
    const { marker, all } = named
    const [policy] = narrowest(all, resource)
    if (policy !== undefined) {
      const aliases = tree.aliases.length > 0 ? { aliases: [] } : {}
      targets.push({ resource, path: trail.path, node, ...aliases, current: textOf(tree, node), part: marker.part, policy, by: 'marker' })
    } else if (all.length === 0) {
      const problem = `is marked with "${marker.policy}", which names no policy of the input; ${nearestPolicy(marker.policy, policies)}`
      notices.push({ severity: 'warning', problem, place: placeOf(resource, formatPath(trail.path)) })
    }
  }

  const markerOf = (comment: string | undefined): NamedMarker | undefined => {
    const before = comment === undefined ? undefined : known.get(comment)
    const marker = comment === undefined || before !== undefined ? undefined : parseMarker(comment)
    if (comment === undefined || marker === undefined) return before
    const named = { marker, all: policiesNamed(marker.policy, policies) }
    known.set(comment, named)
    return named
  }

  return resource => {
    const { tree, root } = resource.open()
    const lines = markedLines(tree.bytes, root.start, root.end)
    if (lines.length === 0) return nothing
    const found: Found = { resource, tree, lines, targets: [], notices: [] }
    inside(found, root, start)
    return found
  }
}

export interface Marked {
  readonly targets: readonly Target[]
  readonly notices: readonly Notice[]
}

/** What is found in a resource, and where to look. */
interface Found {
  readonly resource: Resource
  readonly tree: YamlTree
  readonly lines: readonly MarkedLines[]
  readonly targets: Target[]
  readonly notices: Notice[]
}

/** A marker, and the policies that it names. */
interface NamedMarker {
  readonly marker: Marker
  readonly all: readonly ImagePolicy[]
}

/** Looking for each of so many keys costs less than decoding all keys of the mapping. */
const fewKeys = 8

function firstEntries(tree: YamlTree, { entries }: MappingNode): ReadonlyMap<string, MappingEntry> {
  const firsts = new Map<string, MappingEntry>()
  for (const entry of entries) {
    const name = textOf(tree, entry.key)
    if (!firsts.has(name)) firsts.set(name, entry)
  }
  return firsts
}

const nothing: Marked = { targets: [], notices: [] }

/** From the start of a line that can hold a marker to the end of the next: the scalars that it may belong to begin or end there. */
interface MarkedLines {
  readonly start: number
  readonly end: number
}

/** A name can be written with escapes, and in a long form, once the file holds one marker that is not. */
function markedLines(bytes: Buffer, start: number, end: number): readonly MarkedLines[] {
  // as text: looking for something in a string of a few kilobytes is fast, a call into Node for each look is not
  const text = bytes.toString('latin1', start, nextLine(bytes, end))
  const first = text.indexOf(markerNeedle)
  if (first === -1) return []
  if (text.includes('\\u') || text.includes('io.k8s.cli.setters')) return [{ start, end: start + text.length }]
  const lines: MarkedLines[] = []
  for (let at = first; at !== -1; at = text.indexOf(markerNeedle, at + 1)) {
    const next = lineAfter(text, at)
    lines.push({ start: start + text.lastIndexOf('\n', at) + 1, end: start + lineAfter(text, next) })
  }
  return lines
}

function lineAfter(text: string, at: number): number {
  const lineEnd = text.indexOf('\n', at)
  return lineEnd === -1 ? text.length : lineEnd + 1
}

function entriesBetween(mapping: MappingNode, lines: readonly MarkedLines[]): readonly MappingEntry[] {
  const [first, last] = [lines[0] as MarkedLines, lines.at(-1) as MarkedLines]
  const entries = entriesTouching(mapping, first.start, last.end)
  return lines.length === 1 ? entries : entries.filter(({ value }) => touches(lines, value.start, value.end))
}

/** Whether the node begins or ends in one of the lines, or holds one. */
function touches(lines: readonly MarkedLines[], start: number, end: number): boolean {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle] as MarkedLines).end <= start) low = middle + 1
    else high = middle
  }
  return end >= (lines[low]?.start ?? Number.POSITIVE_INFINITY)
}

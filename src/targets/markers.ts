import type { Notice } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { narrowest } from '../policy/scope.ts'
import { commentsOf } from '../yaml/comments.ts'
import type { MappingEntry, MappingNode, ScalarNode, YamlNode, YamlTree } from '../yaml/node.ts'
import { lineStart, nextLine } from '../yaml/position.ts'
import { entriesWhere, entryOf, textOf } from '../yaml/value.ts'
import type { FoundTargets } from './find-targets.ts'
import { parseMarker } from './marker.ts'
import { nearestPolicy, policiesNamed } from './policy-name.ts'
import { formatPath, type Target } from './target.ts'

/** Bytes that stand in every resource with a marker that Flux would look at. */
export const markerNeedle = '$imagepolicy'

/**
 * The scalars that `$imagepolicy` comments mark, in values of mappings and elements of sequences. As in Flux, aliases are not
 * followed, and of duplicate keys the first counts. A marker of an unknown policy is a warning: Flux ignores it.
 */
export function findMarkedTargets(resource: Resource, policies: readonly ImagePolicy[]): FoundTargets {
  const { tree, root } = resource.open()
  const lines = markedLines(tree.bytes, root.start, root.end)
  if (lines.length === 0) return nothing
  const targets: Target[] = []
  const notices: Notice[] = []
  const path: (string | number)[] = []
  const visit = (step: string | number, node: YamlNode): void => {
    path.push(step)
    if (node.kind === 'scalar') look(node)
    else inside(node)
    path.pop()
  }
  const inside = (node: YamlNode): void => {
    if (node.kind === 'mapping') {
      const touched = entriesWhere(node, (start, end) => touches(lines, start, end))
      const firsts = touched.length > fewKeys ? firstEntries(tree, node) : undefined
      for (const entry of touched) {
        const name = textOf(tree, entry.key)
        if ((firsts?.get(name) ?? entryOf(tree, node, name)) === entry) visit(name, entry.value)
      }
    } else if (node.kind === 'sequence') {
      for (const [index, item] of node.items.entries()) if (touches(lines, item.start, item.end)) visit(index, item)
    }
  }
  const look = (node: ScalarNode): void => {
    const marker = parseMarker(commentsOf(tree, node))
    if (marker === undefined) return
    const named = policiesNamed(marker.policy, policies)
    const [policy] = narrowest(named, resource)
    if (policy !== undefined) {
      const aliases = tree.aliases.length > 0 ? { aliases: [] } : {}
      targets.push({ resource, path: [...path], node, ...aliases, current: textOf(tree, node), part: marker.part, policy, by: 'marker' })
    } else if (named.length === 0) {
      const problem = `is marked with "${marker.policy}", which names no policy of the input; ${nearestPolicy(marker.policy, policies)}`
      notices.push({ severity: 'warning', problem, place: placeOf(resource, formatPath(path)) })
    }
  }
  inside(root)
  return { targets, errors: [], notices }
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

const nothing: FoundTargets = { targets: [], errors: [], notices: [] }

/** From the start of a line that can hold a marker to the end of the next: the scalars that it may belong to begin or end there. */
interface MarkedLines {
  readonly start: number
  readonly end: number
}

/** A name can be written with escapes, and in a long form, once the file holds one marker that is not. */
function markedLines(bytes: Buffer, start: number, end: number): readonly MarkedLines[] {
  const limit = nextLine(bytes, end)
  const text = bytes.subarray(start, limit)
  const first = text.indexOf(markerNeedle)
  if (first === -1) return []
  if (text.includes('\\u') || text.includes('io.k8s.cli.setters')) return [{ start, end: limit }]
  const lines: MarkedLines[] = []
  for (let at = first; at !== -1; at = text.indexOf(markerNeedle, at + 1)) {
    const found = start + at
    lines.push({ start: lineStart(bytes, found), end: nextLine(bytes, nextLine(bytes, found)) })
  }
  return lines
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

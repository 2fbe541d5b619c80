import type { Notice } from '../errors.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { narrowest } from '../policy/scope.ts'
import { commentsOf } from '../yaml/comments.ts'
import type { YamlNode } from '../yaml/node.ts'
import type { Outline } from '../yaml/outline.ts'
import { textOf } from '../yaml/value.ts'
import type { FoundTargets } from './find-targets.ts'
import { parseMarker } from './marker.ts'
import { nearestPolicy, policiesNamed } from './policy-name.ts'
import { skippedByFlux } from './skipped-by-flux.ts'
import { type FieldPath, formatPath, type Target } from './target.ts'

/** Bytes that stand in every resource with a marker that Flux would look at. */
export const markerNeedle = '$imagepolicy'

/**
 * The scalars that `$imagepolicy` comments mark, in values of mappings and elements of sequences. As in Flux, aliases are not
 * followed, and of duplicate keys the first counts. A marker of an unknown policy is a warning: Flux ignores it.
 */
export function findMarkedTargets(resources: readonly Resource[], policies: readonly ImagePolicy[], outline: Outline): FoundTargets {
  const targets: Target[] = []
  const notices: Notice[] = []
  const marked = resources.filter(({ tree, root }) =>
    tree.bytes.subarray(root.start, lineAfter(tree.bytes, root.end)).includes(markerNeedle),
  )
  const skipped = marked.length > 0 ? skippedByFlux(outline) : undefined
  if (skipped !== undefined) {
    const problem = `its $imagepolicy markers are left alone, as in Flux, because of ${skipped}`
    return { targets: [], errors: [], notices: [{ severity: 'warning', problem, place: { file: marked[0]?.id.file ?? 'stdin' } }] }
  }
  for (const resource of marked) {
    const { tree, root } = resource
    const visit = (node: YamlNode, path: FieldPath): void => {
      if (node.kind === 'mapping') {
        const seen = new Set<string>()
        for (const { key, value } of node.entries) {
          const name = textOf(tree, key)
          if (!seen.has(name)) visit(value, [...path, name])
          seen.add(name)
        }
      } else if (node.kind === 'sequence') {
        for (const [index, item] of node.items.entries()) visit(item, [...path, index])
      } else if (node.kind === 'scalar') {
        const marker = parseMarker(commentsOf(tree, node))
        if (marker === undefined) return
        const named = policiesNamed(marker.policy, policies)
        const [policy] = narrowest(named, resource)
        if (policy !== undefined)
          targets.push({ resource, path, node, current: textOf(tree, node), part: marker.part, policy, by: 'marker' })
        else if (named.length === 0) {
          const problem = `is marked with "${marker.policy}", which names no policy of the input; ${nearestPolicy(marker.policy, policies)}`
          notices.push({ severity: 'warning', problem, place: placeOf(resource, formatPath(path)) })
        }
      }
    }
    visit(root, [])
  }
  return { targets, errors: [], notices }
}

/** The comment behind the last value of a mapping stands after the mapping's end. */
const lineAfter = (bytes: Buffer, end: number): number => {
  const next = bytes.indexOf(10, end)
  return next === -1 ? bytes.length : next
}

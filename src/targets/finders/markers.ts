import { formatPath } from '../../field-path.ts'
import { placeOf, type Resource, type ResourceDocument } from '../../krm/resource.ts'
import { isInSecret } from '../../krm/secret.ts'
import type { ImagePolicy } from '../../policy/image-policy.ts'
import { narrowest } from '../../policy/scope.ts'
import { nextLine } from '../../yaml/position.ts'
import type { YamlTree } from '../../yaml/tree/node.ts'
import { textOf } from '../../yaml/tree/value.ts'
import type { Claims } from '../claims.ts'
import {
  type CommentedScalar,
  commentedScalars,
  type Lines,
  linesAround,
} from '../commented-scalars.ts'
import { longFormMention, type Marker, markerMention, parseMarker } from '../marker.ts'
import { nearMisses } from '../marker-near-misses.ts'
import { namesUnused, nearestPolicy, policiesNamedOf, unusedProblem } from '../policy-name.ts'
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
 * The scalars that `$imagepolicy` comments mark, in values of mappings and elements of sequences.
 * As in Flux, aliases are not followed, and of duplicate keys the first counts. A marked scalar
 * belongs to its marker, even if it names an unknown policy.
 */
export const markers: NewTargetFinder = search => {
  const { documents, policies, config, problems } = search
  const isOn = config.targets.markers
  const targets: Target[] = []
  const known = new Map<string, NamedMarker>()
  const skipReason = skippedByFlux()
  const misses = nearMisses(problems)
  /** Items whose markers count only if another item of their file holds `"$imagepolicy"`. */
  const undecided: Resource[] = []
  const filesWithMarkers = new Set<string | undefined>()

  const markerOf = (comment: string): NamedMarker | undefined => {
    const before = known.get(comment)
    if (before !== undefined) return before
    const marker = parseMarker(comment)
    if (marker === undefined) return undefined
    const named = { marker, named: policiesNamedOf(marker.policy, policies) }
    known.set(comment, named)
    return named
  }

  /** The one policy that the marker of a scalar means; undefined if it has no effect here. */
  const policyFor = (
    { marker, named }: NamedMarker,
    resource: Resource,
    { path }: CommentedScalar,
  ): ImagePolicy | undefined => {
    const narrow = problems.attempt(() => narrowest(named, resource, problems.work))
    if (narrow === undefined) return undefined
    const [policy] = narrow
    if (policy === undefined && namesUnused(marker.policy, search)) {
      problems.inform(unusedProblem(marker.policy), placeOf(resource, formatPath(path)))
    } else if (policy === undefined && named.length === 0) {
      const problem = `is marked with "${marker.policy}", which is not the name of a policy of the input; ${nearestPolicy(marker.policy, policies, problems.hints)}`
      problems.warn(problem, placeOf(resource, formatPath(path)))
    }
    return policy
  }

  /** Makes targets of the marked scalars on these lines. Returns the lines of their markers. */
  const take = (resource: Resource, lines: readonly Lines[], claims: Claims): readonly Lines[] => {
    const { tree, root } = resource.open()
    const nestedAt = nestedWorkloads(resource)
    const taken: Lines[] = []
    for (const scalar of commentedScalars(tree, root, lines)) {
      const { path, node } = scalar
      const named = markerOf(scalar.comment)
      if (named === undefined) continue
      taken.push(scalar.lines)
      claims.mark(resource.document, node.start)
      const policy = policyFor(named, resource, scalar)
      if (policy === undefined) continue
      claims.markPolicy(policy)
      if (isInSecret(resource, path)) {
        problems.warn(inSecret, placeOf(resource, formatPath(path)))
        continue
      }
      const { part } = named.marker
      const current = textOf(tree, node)
      if (current.includes('=') && isAssignment.test(current)) {
        const problem = `is "${current}", which its marker replaces as a whole, as Flux does; move the image to a field of its own`
        problems.warn(problem, placeOf(resource, formatPath(path)))
      }
      const target = { resource, path, offset: node.start, part, current, policy, ...asFlux }
      const workload = nestedAt(path)
      const isShared = tree.aliases.length > 0
      if (workload === undefined && !isShared) targets.push(target)
      else
        targets.push({
          ...target,
          ...(workload && { workload }),
          ...(isShared && { shared: { node, aliases: [] } }),
        })
    }
    return taken
  }

  return {
    mentions: isOn ? [markerMention, longFormMention] : [],
    look(resource, claims) {
      const { document } = resource
      if (!isOn || document.find(markerMention).length === 0) return
      const { tree, root } = resource.open()
      const whole: Lines = { start: root.start, end: lineAfter(tree, root.end) }
      const isMentioned = (text: string) => document.mentions(text, whole.start, whole.end)
      const isUnusual = unusualForms.some(isMentioned)
      const hasMention = isMentioned(markerMention)
      if (!isUnusual && !hasMention) return
      const reason = skipReason(document)
      if (reason !== undefined) {
        if (hasMention) misses.skip(document, whole, reason)
        return
      }
      const isItem = document.shape === 'ResourceList'
      const mayHoldAny = isItem
        ? holdsMarkers(document, whole.start, whole.end)
        : holdsMarkers(document)
      if (isItem && mayHoldAny) filesWithMarkers.add(resource.id.file)
      if (isItem && isUnusual && !mayHoldAny) undecided.push(resource)
      if (!hasMention) {
        if (mayHoldAny) take(resource, [whole], claims)
        return
      }
      const offsets = document.find(markerMention, whole.start, whole.end)
      const lines = isUnusual && mayHoldAny ? [whole] : offsets.map(at => linesAround(tree, at))
      misses.look(resource, whole, offsets, take(resource, lines, claims))
    },
    finish(claims) {
      for (const resource of undecided) {
        const { root } = resource.open()
        if (filesWithMarkers.has(resource.id.file)) take(resource, [root], claims)
      }
      if (isOn) misses.finish(documents)
      return { targets }
    },
  }
}

/**
 * The end of the line that holds an offset, where the comment of the last scalar is. All items of a
 * JSON list can be on one line.
 */
function lineAfter({ bytes }: YamlTree, offset: number): number {
  const near = bytes.subarray(offset, offset + longestLine)
  return offset + nextLine(near, 0)
}

const longestLine = 0x10000

/** A value of a Secret must not be in a message either. */
const inSecret = 'is left alone in spite of its marker: values of a Secret are never edited'

const asFlux = { pinned: false, asFlux: true } as const

/**
 * Whether Flux would look for markers in these bytes of a file, of either form: they must hold
 * `"$imagepolicy"`, with the quotes. Source: image-automation-controller d36e2ea,
 * internal/update/filereader.go.
 */
const holdsMarkers = ({ bytes, find }: ResourceDocument, start?: number, end?: number) =>
  find(markerMention, start, end).some(
    at => bytes[at - 1] === quote && bytes[at + markerMention.length] === quote,
  )

const quote = 0x22

/**
 * A name can be written with escapes, or in a long form, in a file that holds a plain marker
 * somewhere.
 */
const unusualForms = [longFormMention, '\\u']

/**
 * `KEY=value`, as in a list of environment variables, or `--flag=value`, as in one of arguments.
 */
const isAssignment = /^-{0,2}[A-Za-z_][\w.-]*=/

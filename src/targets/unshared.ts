import { FunctionError } from '../errors.ts'
import { formatPath } from '../field-path.ts'
import { groupBy } from '../group-by.ts'
import { placeOf } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import type { AliasNode, ScalarNode, YamlNode } from '../yaml/tree/node.ts'
import type { Target } from './target.ts'

/**
 * The targets without those that are reached through an alias, whose anchor is edited for them. A
 * marker edits its anchor as Flux does, whoever uses it; any other target only if everybody who
 * uses its text by an alias, of it or of a collection around it, is governed alike. Else:
 * BAD_FIELD.
 */
export function unshared(targets: readonly Target[], problems: Problems): readonly Target[] {
  const dropped = new Set<Target>()
  const sharing = targets.filter(({ shared }) => shared !== undefined)
  if (sharing.length === 0) return targets
  const groups = groupBy(sharing, ({ shared }) => shared?.node as ScalarNode) // all have one
  const finders = new Map<readonly AliasNode[], ReturnType<typeof userFinder>>()
  for (const [node, group] of groups) {
    const { aliases } = (group[0] as Target).resource.open().tree
    const usersOf = finders.get(aliases) ?? userFinder(aliases)
    finders.set(aliases, usersOf)
    const problem = sharingProblem(usersOf(node), group)
    for (const target of group) {
      const isDropped = problem === undefined ? isThroughAlias(target) : !target.asFlux
      if (isDropped) dropped.add(target)
    }
    if (problem !== undefined) {
      const { resource, path } = problem
      const must =
        'must not share its text by an anchor with a field that no policy, or another one, governs; write the image out at each place'
      problems.fail(new FunctionError('BAD_FIELD', must, placeOf(resource, formatPath(path))))
    }
  }
  return targets.filter(target => !dropped.has(target))
}

const isThroughAlias = ({ shared }: Target) => shared !== undefined && shared.aliases.length > 0

/** Of the targets with one scalar, the one that is governed unlike another user of the scalar. */
function sharingProblem(users: readonly AliasNode[], group: readonly Target[]): Target | undefined {
  const first = group[0] as Target
  const unlike = group.find(({ policy, part }) => policy !== first.policy || part !== first.part)
  if (unlike !== undefined) return unlike
  if (group.some(({ asFlux }) => asFlux)) return undefined
  const governed = new Set(group.flatMap(({ shared }) => shared?.aliases ?? []))
  const isGovernedItself = group.some(target => !isThroughAlias(target))
  return isGovernedItself && users.every(user => governed.has(user)) ? undefined : first
}

/**
 * Finds every alias that leads to a node: to itself, to a collection that holds it, or to one that
 * holds such an alias.
 */
function userFinder(aliases: readonly AliasNode[]): (node: YamlNode) => readonly AliasNode[] {
  const users = groupBy(aliases, ({ to }) => to)
  const anchors = [...users.keys()].sort((a, b) => a.start - b.start || b.end - a.end)
  // spans of nodes are nested or apart, so each anchor has at most one next around it
  const around: number[] = []
  for (const [index, anchor] of anchors.entries()) {
    let outer = index - 1
    while (outer >= 0 && (anchors[outer] as YamlNode).end < anchor.end)
      outer = around[outer] as number
    around.push(outer)
  }
  return node => {
    const found = new Set<AliasNode>()
    const led: YamlNode[] = [node]
    for (const reached of led) {
      let index = lastBefore(anchors, reached.start)
      for (; index >= 0; index = around[index] as number) {
        const anchor = anchors[index] as YamlNode
        if (anchor.end < reached.end) continue
        for (const alias of users.get(anchor) ?? []) {
          if (!found.has(alias)) led.push(alias)
          found.add(alias)
        }
      }
    }
    return [...found]
  }
}

/** The index of the last node that begins at the offset or before it; -1 if none does. */
function lastBefore(nodes: readonly YamlNode[], offset: number): number {
  let low = 0
  let high = nodes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((nodes[middle] as YamlNode).start <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

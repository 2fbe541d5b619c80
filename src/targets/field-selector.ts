import type { FieldPath } from '../field-path.ts'
import type { AliasNode, MappingNode, SequenceNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { entryOf, textOf } from '../yaml/tree/value.ts'

/**
 * One step of a written path: a key, an index, all elements, or the elements with a key of that
 * value.
 */
export type SelectorStep =
  | { readonly key: string }
  | { readonly index: number }
  | { readonly every: true }
  | { readonly where: string; readonly equals: string }

const stepPattern =
  /\.?([^.[\]]+)|\[(\d+)\]|\[\*\]|\[([^\]=*"']+)=([^\]]*)\]|\[["']([^\]"']+)["']\]/y

/**
 * Reads `spec.values.image.tag`, `spec.apps[*].image`, `spec.apps[0].image`,
 * `spec.apps[name=web].image` and `metadata.annotations["example.com/image"]`. Undefined for
 * anything else.
 */
export function parseSelector(text: string): readonly SelectorStep[] | undefined {
  const steps: SelectorStep[] = []
  let at = 0
  while (at < text.length) {
    stepPattern.lastIndex = at
    const match = stepPattern.exec(text)
    if (match === null || (at === 0 && text.startsWith('.'))) return undefined
    const [, key, index, where, equals = '', quoted] = match
    if (key !== undefined) steps.push({ key })
    else if (index !== undefined) steps.push({ index: Number(index) })
    else if (where !== undefined) steps.push({ where, equals })
    else if (quoted !== undefined) steps.push({ key: quoted })
    else steps.push({ every: true })
    at = stepPattern.lastIndex
  }
  return steps.length > 0 ? steps : undefined
}

/** A node that a path leads to, and the plain path that leads there alone. */
export interface Selected {
  readonly path: FieldPath
  readonly node: YamlNode
  /** The aliases on the way, the node itself among them. */
  readonly aliases: readonly AliasNode[]
}

/**
 * What a node behind an alias takes: it is held with its path, so a run has at most 500,000 of
 * them.
 */
const aliasedSteps = 200

/**
 * Every node that the steps lead to, in order. `[*]` takes the elements of a sequence and the
 * values of a mapping. Throws what `spend` throws if aliases lead to more nodes than a run may look
 * at: nodes without an alias are no more than the input has.
 */
export function select(
  tree: YamlTree,
  root: YamlNode,
  steps: readonly SelectorStep[],
  spend?: (steps: number) => void,
): readonly Selected[] {
  let found: readonly Selected[] = [{ path: [], node: root, aliases: [] }]
  for (const step of steps) {
    found = found.flatMap(({ path, node, aliases }) => {
      const inside = next(tree, node, step)
      if (aliases.length > 0) spend?.(inside.length * aliasedSteps)
      return inside.map(([part, inner]) => ({
        path: [...path, part],
        node: inner,
        aliases: inner.kind === 'alias' ? [...aliases, inner] : aliases,
      }))
    })
  }
  return found
}

function next(
  tree: YamlTree,
  node: YamlNode,
  step: SelectorStep,
): readonly (readonly [string | number, YamlNode])[] {
  const at = node.kind === 'alias' ? node.to : node
  if (at.kind === 'mapping') return inMapping(tree, at, step)
  return at.kind === 'sequence' ? inSequence(tree, at, step) : []
}

function inMapping(
  tree: YamlTree,
  mapping: MappingNode,
  step: SelectorStep,
): readonly (readonly [string, YamlNode])[] {
  if ('every' in step)
    return mapping.entries.map(({ key, value }) => [textOf(tree, key), value] as const)
  const value = 'key' in step ? entryOf(tree, mapping, step.key)?.value : undefined
  return value === undefined || !('key' in step) ? [] : [[step.key, value]]
}

function inSequence(
  tree: YamlTree,
  { items }: SequenceNode,
  step: SelectorStep,
): readonly (readonly [number, YamlNode])[] {
  const all = items.map((item, index) => [index, item] as const)
  if ('every' in step) return all
  if ('index' in step) return all.filter(([index]) => index === step.index)
  if ('where' in step) {
    return all.filter(([, item]) => {
      const value = entryOf(tree, item, step.where)?.value
      return value !== undefined && textOf(tree, value) === step.equals
    })
  }
  return []
}

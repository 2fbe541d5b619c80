import type { Resource } from '../krm/resource.ts'
import { entryOf, textOf } from '../yaml/tree/value.ts'
import type { Selected } from './field-selector.ts'
import { imagesIn, scalarOf, type ValuesImage, type ValuesScalar } from './values-image.ts'

/**
 * The images of `{name: image.repository, value: …}`, `{name: image.tag, value: …}` and the like.
 */
export function imagesOfParameters(
  resource: Resource,
  { node, path, aliases }: Selected,
): readonly ValuesImage[] {
  const { tree } = resource.open()
  const list = node.kind === 'alias' ? node.to : node
  if (list.kind !== 'sequence') return []
  const groups = new Map<string, Map<string, ValuesScalar>>()
  for (const [index, item] of list.items.entries()) {
    const above = item.kind === 'alias' ? [...aliases, item] : aliases
    const name = entryOf(tree, item, 'name')?.value
    const value = entryOf(tree, item, 'value')?.value
    if (name === undefined || value === undefined) continue
    const scalar = scalarOf(tree, [...path, index, 'value'], { value, aliases: above }, false)
    const text = textOf(tree, name)
    const dot = text.lastIndexOf('.')
    const [prefix, key] = [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)]
    const group = groups.get(prefix) ?? new Map<string, ValuesScalar>()
    groups.set(prefix, group)
    if (scalar !== undefined) group.set(key, scalar)
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group.values()
    return imagesIn(resource, first?.path ?? path, key => group.get(key))
  })
}

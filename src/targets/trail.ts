import type { YamlNode, YamlTree } from '../yaml/node.ts'
import { says, textOf } from '../yaml/value.ts'
import type { FieldPath } from './target.ts'

/** A path, and the paths one step longer that were taken: resources are alike, so thousands of fields share a path, and no key is decoded twice. */
export interface Trail {
  readonly path: FieldPath
  readonly steps: Trail[]
}

export const newTrail = (): Trail => ({ path: [], steps: [] })

/** One step further: by the index of an item, or by the key of an entry. */
export function stepTo(tree: YamlTree, { path, steps }: Trail, step: number | YamlNode): Trail {
  const known = steps.find(({ path: taken }) => isStep(tree, taken[path.length] as string | number, step))
  if (known !== undefined) return known
  const further = { path: [...path, typeof step === 'number' ? step : textOf(tree, step)], steps: [] }
  if (steps.length < maxSteps) steps.push(further)
  return further
}

/** More are not kept: to look for one among them would cost more than to make it. */
const maxSteps = 16

const isStep = (tree: YamlTree, taken: string | number, step: number | YamlNode) =>
  typeof step === 'number' ? taken === step : typeof taken === 'string' && says(tree, step, taken)

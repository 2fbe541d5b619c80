import type { FieldPath } from './target.ts'

/** A path, and the paths one step longer that were taken: resources are alike, so thousands of fields share one. */
export interface Trail {
  readonly path: FieldPath
  readonly steps: Map<string | number, Trail>
}

export const newTrail = (): Trail => ({ path: [], steps: new Map() })

/** One step further: by the key of an entry, or by the index of an item. */
export function stepTo({ path, steps }: Trail, step: string | number): Trail {
  const known = steps.get(step)
  if (known !== undefined) return known
  const further = { path: [...path, step], steps: new Map() }
  steps.set(step, further)
  return further
}

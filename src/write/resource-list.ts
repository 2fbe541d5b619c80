import type { Result } from '../krm/result.ts'
import { applyEdits, type Edit } from '../yaml/edit/splice.ts'
import type { ResourceListOutline } from '../yaml/locate/outline.ts'
import { replaceResults } from './replace-results.ts'

/**
 * A ResourceList with its edits and with its results as the last key, in pieces. It is always
 * written: a host reads results after a failure too.
 */
export const writeResourceList = (
  outline: ResourceListOutline,
  edits: readonly Edit[],
  results: Iterable<Result>,
): Iterable<Buffer | string> =>
  applyEdits(outline.bytes, [...edits, ...replaceResults(outline, results)])

import { FunctionError } from '../errors.ts'
import type { Place } from '../place.ts'

/** Ten times the largest repositories known: a list beyond this is a mistake or an attack. */
const mostTags = 500_000

/** Throws NO_TAG_CHOSEN where a list of tags is too long to work on. */
export function checkNumberOfTags(tags: readonly string[], place?: Place): void {
  if (tags.length > mostTags) {
    throw new FunctionError('NO_TAG_CHOSEN', `a repository must have at most ${mostTags} tags, got ${tags.length}; delete old ones`, place)
  }
}

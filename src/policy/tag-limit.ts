import type { GoRegexp } from './go-regexp.ts'

/** Far above the largest repositories known: a longer list is a mistake or an attack. */
const mostTags = 500_000
/**
 * For each character of the average tag. Usual patterns stay far below it, even for very long lists
 * (bench/README.md).
 */
const mostSteps = 500_000_000

/** Why a list of tags is too long to work on; undefined if it is not. */
export const tagLimitProblem = (tags: readonly string[]): string | undefined =>
  tags.length > mostTags
    ? `the repository must have at most ${mostTags} tags, got ${tags.length}; delete old ones`
    : undefined

/** What the grammar of tags allows. A server can list anything, and longer texts count as several tags. */
const longestTag = 128

const weightOf = (tags: readonly string[]): number =>
  tags.reduce((sum, { length }) => sum + Math.max(1, length / longestTag), 0)

/** Why matching so many tags would take minutes; undefined if it does not. */
export const matchingProblem = (regexp: GoRegexp, tags: readonly string[]): string | undefined =>
  regexp.cost * weightOf(tags) > mostSteps
    ? `must be simpler to match ${tags.length} tags in bounded time; repeat less, use fewer groups`
    : undefined

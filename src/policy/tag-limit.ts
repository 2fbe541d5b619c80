import type { GoRegexp } from './go-regexp.ts'

/** Far above the largest repositories known: a longer list is a mistake or an attack. */
const mostTags = 500_000
/**
 * Instructions of a pattern for all characters of the tags. Usual patterns stay far below it, even
 * for very long lists (bench/README.md).
 */
const mostSteps = 8_000_000_000
/** Starting a match takes about as long as so many characters. */
const leastCharacters = 16

/** Why a list of tags is too long to work on; undefined if it is not. */
export const tagLimitProblem = (tags: readonly string[]): string | undefined =>
  tags.length > mostTags
    ? `the repository must have at most ${mostTags} tags, got ${tags.length}; delete old ones`
    : undefined

/**
 * What the grammar of tags allows. A server can list longer texts, of which each character counts
 * as many.
 */
const longestTag = 128
const timesForNoTag = 16

const charactersOf = (tags: readonly string[]): number =>
  tags.reduce((sum, { length }) => sum + weightOf(length), 0)

const weightOf = (length: number): number =>
  length > longestTag ? length * timesForNoTag : Math.max(length, leastCharacters)

/** Why matching so many tags would take minutes; undefined if it does not. */
export const matchingProblem = (regexp: GoRegexp, tags: readonly string[]): string | undefined =>
  regexp.cost * charactersOf(tags) > mostSteps
    ? `must be simpler to match ${tags.length} tags in bounded time; repeat less, use fewer groups`
    : undefined

import type { FunctionError } from '../errors.ts'
import type { Fields } from '../krm/fields.ts'
import { type BadPattern, compileGoRegexp, type GoRegexp } from './go-regexp.ts'
import { parseGoTemplate } from './go-template.ts'
import type { Candidate, ShowFilter } from './kinds/policy-kind.ts'
import { matchingProblem } from './tag-limit.ts'

/**
 * Which tags a policy sees, and which part of them: `spec.filterTags`, or the rules of an inline
 * policy.
 */
export interface TagFilter {
  /** What a policy compares of this tag; undefined if the tag does not pass. */
  valueOf(tag: string): string | undefined
  /**
   * One candidate for each value, in the order in which the values first appear. Throws
   * NO_TAG_CHOSEN if the values take too much memory.
   */
  candidates(tags: readonly string[]): readonly Candidate[]
  /** The named groups that took part in the match of a tag that passes. */
  groupsOf(tag: string): Readonly<Record<string, string>>
  /** Why a tag without a value does not pass. */
  reject(tag: string): string
  /** The regular expression that lets tags in; undefined if there is none. */
  readonly pattern: TagPattern | undefined
  /** Where the pattern and its template are, from the policy. */
  readonly fields: { readonly pattern: string; readonly extract: string }
  /** Every regular expression as written, for hints. */
  readonly written: readonly string[]
}

/** UTF-16 units. A template is filled once for each tag. */
const longestTemplate = 4096
/** UTF-16 units of all values together: enough for some hundred of them in each of 500,000 tags. */
const longestValues = 100_000_000

/**
 * Reads `spec.filterTags`; undefined if it is absent, which differs from an empty one: only a
 * filter removes duplicate values. Throws BAD_FIELD.
 * Source: fluxcd/image-reflector-controller v1.2.0, internal/policy/filter.go.
 */
export function readFilter(spec: Fields): TagFilter | undefined {
  const fields = spec.optionalMapping('filterTags')
  if (fields === undefined) return undefined
  const pattern = readPattern(fields, 'pattern')
  return {
    valueOf: pattern.cut,
    candidates(tags) {
      const tooCostly = matchingProblem(pattern.regexp, tags)
      if (tooCostly !== undefined) throw fields.error('NO_TAG_CHOSEN', tooCostly, 'pattern')
      return candidatesOf(tags, pattern.cut, problem =>
        fields.error('NO_TAG_CHOSEN', problem, 'extract'),
      )
    },
    groupsOf: pattern.groupsOf,
    reject: () => 'does not match `spec.filterTags.pattern`',
    pattern,
    fields: { pattern: 'filterTags.pattern', extract: 'filterTags.extract' },
    written: [pattern.text],
  }
}

/** `filterTags` in YAML. */
export const showFilterTags: ShowFilter = (pattern, extract) =>
  `filterTags: {pattern: '${pattern}'${extract === undefined ? '' : `, extract: '${extract}'`}}`

/** A regular expression, and what it cuts out of a tag. */
export interface TagPattern {
  /** As written; empty if it is absent. */
  readonly text: string
  readonly extract: string
  readonly regexp: GoRegexp
  /** The tag, or what `extract` makes of it; undefined if the tag does not match. */
  cut(tag: string): string | undefined
  /** The named groups that took part in the match of a tag that passes. */
  groupsOf(tag: string): Readonly<Record<string, string>>
}

/** Reads the regular expression at `key`, and `extract` beside it. Throws BAD_FIELD. */
export function readPattern(fields: Fields, key: string): TagPattern {
  const text = fields.optionalString(key) ?? ''
  const extract = fields.optionalString('extract') ?? ''
  const regexp = compileGoRegexp(text)
  if ('problem' in regexp) throw badPattern(fields, key, text, regexp)
  if (extract.length > longestTemplate) {
    throw fields.error(
      'BAD_FIELD',
      `must have at most ${longestTemplate} characters, got ${extract.length}`,
      'extract',
    )
  }
  const template = parseGoTemplate(extract, regexp.groupNames)
  return {
    text,
    extract,
    regexp,
    cut(tag) {
      if (extract === '') return regexp.test(tag) ? tag : undefined
      const groups = regexp.find(tag)
      return groups && template(tag, groups)
    },
    groupsOf(tag) {
      const groups = regexp.find(tag) ?? []
      const named = regexp.groupNames.flatMap((name, index) => {
        const start = groups[2 * index] ?? -1
        return name === '' || start < 0
          ? []
          : [[name, tag.slice(start, groups[2 * index + 1])] as const]
      })
      return Object.fromEntries(named.reverse()) // of groups with one name, the first that took part
    },
  }
}

/**
 * One candidate for each value, in the order in which the values first appear. As in Flux's map, a
 * later tag with the same value replaces the earlier one. `error` makes the error for values that
 * take too much memory.
 */
export function candidatesOf(
  tags: readonly string[],
  cut: (tag: string) => string | undefined,
  error: (problem: string) => FunctionError,
): readonly Candidate[] {
  const tagOf = new Map<string, string>()
  let length = 0
  for (const tag of tags) {
    const value = cut(tag)
    if (value === undefined) continue
    length += value.length
    if (length > longestValues)
      throw error('must cut shorter values out of the tags: all together, they are too long')
    tagOf.set(value, tag)
  }
  return Array.from(tagOf, ([value, tag]) => ({ tag, value }))
}

function badPattern(
  fields: Fields,
  key: string,
  pattern: string,
  { problem, go }: BadPattern,
): FunctionError {
  const error = fields.error('BAD_FIELD', problem, key)
  if (go !== undefined)
    error.flux = `failed to filter tags: invalid regular expression pattern '${pattern}': ${go}`
  return error
}

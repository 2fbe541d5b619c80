import type { FunctionError } from '../errors.ts'
import type { Fields } from '../krm/fields.ts'
import { compileGoRegexp } from './go-regexp.ts'
import { parseGoTemplate } from './go-template.ts'
import type { Candidate } from './policy-kind.ts'
import { matchingProblem } from './tag-limit.ts'

/** `spec.filterTags`: which tags a policy sees, and which part of them. */
export interface TagFilter {
  /** What a policy compares of this tag; undefined where the tag does not pass. */
  valueOf(tag: string): string | undefined
  /** One candidate for each value, in the order in which the values first appear. Throws NO_TAG_CHOSEN where the values take too much memory. */
  candidates(tags: readonly string[]): readonly Candidate[]
  /** The named groups that took part in the match of a tag that passes. */
  groupsOf(tag: string): Readonly<Record<string, string>>
}

/** UTF-16 units. A template is filled once for each tag. */
const longestTemplate = 4096
/** UTF-16 units, of all values together: what some hundred bytes for each of 500,000 tags need. */
const longestValues = 100_000_000

/**
 * Reads `spec.filterTags`; undefined where there is none, which is not the same as an empty one: only a filter removes duplicate values. Throws BAD_FIELD.
 * Source: fluxcd/image-reflector-controller v1.2.0, internal/policy/filter.go.
 */
export function readFilter(spec: Fields): TagFilter | undefined {
  const fields = spec.optionalMapping('filterTags')
  if (fields === undefined) return undefined
  const pattern = fields.optionalString('pattern') ?? ''
  const extract = fields.optionalString('extract') ?? ''
  const regexp = compileGoRegexp(pattern)
  if ('problem' in regexp) throw badPattern(fields, pattern, regexp)
  if (extract.length > longestTemplate) {
    throw fields.error('BAD_FIELD', `must have at most ${longestTemplate} characters, got ${extract.length}`, 'extract')
  }
  const template = parseGoTemplate(extract, regexp.groupNames)

  const cut: TagFilter['valueOf'] = tag => {
    if (extract === '') return regexp.test(tag) ? tag : undefined
    const groups = regexp.find(tag)
    return groups && template(tag, groups)
  }
  return {
    valueOf: cut,
    candidates(tags) {
      const tooCostly = matchingProblem(regexp, tags)
      if (tooCostly !== undefined) throw fields.error('NO_TAG_CHOSEN', tooCostly, 'pattern')
      // as Flux's map does it: a later tag with the same value replaces the earlier one
      const tagOf = new Map<string, string>()
      let length = 0
      for (const tag of tags) {
        const value = cut(tag)
        if (value === undefined) continue
        length += value.length
        if (length > longestValues)
          throw fields.error('NO_TAG_CHOSEN', 'must cut shorter values out of the tags: together they are too long', 'extract')
        tagOf.set(value, tag)
      }
      return Array.from(tagOf, ([value, tag]) => ({ tag, value }))
    },
    groupsOf(tag) {
      const groups = regexp.find(tag) ?? []
      const named = regexp.groupNames.flatMap((name, index) => {
        const start = groups[2 * index] ?? -1
        return name === '' || start < 0 ? [] : [[name, tag.slice(start, groups[2 * index + 1])] as const]
      })
      return Object.fromEntries(named.reverse()) // of groups with one name, the first that took part
    },
  }
}

function badPattern(fields: Fields, pattern: string, { problem, go }: { problem: string; go?: string }): FunctionError {
  const error = fields.error('BAD_FIELD', problem, 'pattern')
  if (go !== undefined) error.flux = `failed to filter tags: invalid regular expression pattern '${pattern}': ${go}`
  return error
}

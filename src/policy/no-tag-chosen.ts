import type { FunctionError } from '../errors.ts'
import type { Fields } from '../krm/fields.ts'
import type { TagFilter } from './filter-tags.ts'
import { onlyPrereleases } from './lint.ts'
import type { Candidate, NamedRule } from './policy-kind.ts'
import { showText } from './show-text.ts'

/** The repository has no tag at all. */
export function noTags(spec: Fields): FunctionError {
  const error = spec.error(
    'NO_TAG_CHOSEN',
    'the repository must have a tag that its `spec.exclusionList` lets through, got none',
  )
  error.flux = 'no tags in database'
  return error
}

/** No tag passes the filter. */
export function nonePassed(
  spec: Fields,
  filter: TagFilter | undefined,
  storedTags: readonly string[],
): FunctionError {
  const doubled = filter?.written.some(pattern => pattern.includes('\\\\'))
  const hint = doubled ? '; outside double quotes, YAML does not need `\\\\` for a backslash' : ''
  const found = storedTags.slice(0, 5).map(showText).join(', ')
  const problem = `must match a tag, got none of ${storedTags.length} listed: ${found}${hint}`
  const error = spec.error('NO_TAG_CHOSEN', problem, filter?.fields.pattern)
  error.flux = 'version list argument cannot be empty'
  return error
}

/** No candidate qualifies: says of up to five why. */
export function noneQualifies(
  spec: Fields,
  rule: NamedRule,
  storedTags: readonly string[],
  candidates: readonly Candidate[],
): FunctionError {
  const found = candidates
    .slice(0, 5)
    .map(candidate => `${showText(candidate.value)} (${rule.reject(candidate)})`)
  const hint = rule.kind === 'semver' ? onlyPrereleases(spec, candidates) : undefined
  const error = spec.error(
    'NO_TAG_CHOSEN',
    `a tag must qualify, got none: ${storedTags.length} listed, ${candidates.length} passed the filter, ${found.join(', ')}${hint === undefined ? '' : `; ${hint}`}`,
    `policy.${rule.kind}`,
  )
  error.flux = 'unable to determine latest version from provided list'
  return error
}

import { FunctionError } from '../errors.ts'
import type { Fields } from '../krm/fields.ts'
import type { TagFilter } from './filter-tags.ts'
import type { Candidate, NamedRule } from './kinds/policy-kind.ts'
import { showText } from './show-text.ts'

/** The repository has no tag at all. */
export function noTags(spec: Fields): FunctionError {
  const error = spec.error(
    'NO_TAG_CHOSEN',
    'the repository must have a tag that is not excluded, got none',
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

/** No candidate qualifies. Lists the reasons for up to five of them, and what to write instead. */
export function noneQualifies(
  spec: Fields,
  rule: NamedRule,
  storedTags: readonly string[],
  candidates: readonly Candidate[],
  hints: readonly (string | undefined)[],
): FunctionError {
  const found = candidates
    .slice(0, 5)
    .map(candidate => `${showText(candidate.value)} (${rule.reject(candidate)})`)
  const counts = `${storedTags.length} listed, ${candidates.length} passed the filter`
  const known = hints.filter(hint => hint !== undefined)
  const error = spec.error(
    'NO_TAG_CHOSEN',
    [`a tag must qualify, got none: ${counts}, ${found.join(', ')}`, ...known].join('; '),
    `policy.${rule.kind}`,
  )
  error.flux = 'unable to determine latest version from provided list'
  return error
}

/** The same error with more text at the end of its message. */
export function withHint(error: FunctionError, hint: string): FunctionError {
  const hinted = new FunctionError(error.code, error.problem + hint, error.place, error)
  if (error.flux !== undefined) hinted.flux = error.flux
  return hinted
}

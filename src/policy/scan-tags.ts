import { FunctionError } from '../errors.ts'
import type { Place } from '../place.ts'
import { compareBytes } from './byte-order.ts'
import { compileGoRegexp, type GoRegexp } from './go-regexp.ts'
import { defaultExclusionList } from './meaning.ts'
import { matchingProblem, tagLimitProblem } from './tag-limit.ts'

/**
 * The tags that a scan of Flux's ImageRepository stores of those that a registry lists: without the
 * ones that match any pattern of `exclusionList`, sorted by their bytes, greatest first. `place` is
 * the ImageRepository, for errors. Throws BAD_FIELD.
 * Source: fluxcd/image-reflector-controller v1.2.0,
 * internal/controller/imagerepository_controller.go.
 */
export function scanTags(
  tags: readonly string[],
  exclusionList: readonly string[] = [],
  place?: Place,
): readonly string[] {
  const tooMany = tagLimitProblem(tags)
  if (tooMany !== undefined) throw new FunctionError('NO_TAG_CHOSEN', tooMany, place)
  const patterns = exclusionList.length === 0 ? defaultExclusionList : exclusionList
  const excluded = patterns.map((pattern, index) =>
    compile(pattern, tags, { ...place, field: `spec.exclusionList[${index}]` }),
  )
  const kept = tags.filter(tag => !excluded.some(regexp => regexp.test(tag)))
  return kept.sort((a, b) => compareBytes(b, a))
}

function compile(pattern: string, tags: readonly string[], place: Place): GoRegexp {
  const regexp = compileGoRegexp(pattern)
  if ('problem' in regexp) {
    const error = new FunctionError('BAD_FIELD', regexp.problem, place)
    if (regexp.go !== undefined)
      error.flux = `scan failed: failed to compile regex ${pattern}: ${regexp.go}`
    throw error
  }
  const tooCostly = matchingProblem(regexp, tags)
  if (tooCostly !== undefined) throw new FunctionError('NO_TAG_CHOSEN', tooCostly, place)
  return regexp
}

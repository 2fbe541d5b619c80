import type { Fields } from '../krm/fields.ts'
import { candidatesOf, readPattern, type TagFilter } from './filter-tags.ts'
import { compileGoRegexp, type GoRegexp } from './go-regexp.ts'
import type { ShowFilter } from './kinds/policy-kind.ts'
import { showText } from './show-text.ts'
import { matchingProblem } from './tag-limit.ts'

/** As many as Flux allows in an `exclusionList`. */
const mostPatterns = 25

/**
 * The filter of an inline policy; undefined if it filters nothing. `block` is the mapping that
 * names the image, such as `aws`; `identifier` is the literal prefix that every candidate has. A
 * tag passes if `regex` or any of `allowTags` matches it, or if both are absent, and if none of
 * `ignoreTags` matches it. The value of a tag that only `allowTags` let in is the tag. Throws
 * BAD_FIELD.
 */
export function readInlineFilter(
  block: Fields,
  provider: string,
  identifier: string,
): TagFilter | undefined {
  const rules = block.optionalMapping('policy')
  const tags = rules?.optionalMapping('tags')
  const regex = tags?.has('regex') ? readPattern(tags, 'regex') : undefined
  if (regex === undefined && tags?.has('extract'))
    throw tags.error('BAD_FIELD', 'needs a `regex` beside it to extract from', 'extract')
  const lists = [tags, rules].filter(fields => fields !== undefined)
  const allow = lists.flatMap(fields => readPatterns(fields, 'allowTags'))
  const ignore = lists.flatMap(fields => readPatterns(fields, 'ignoreTags'))
  if (identifier === '' && regex === undefined && allow.length === 0 && ignore.length === 0)
    return undefined

  const ignoredBy = (tag: string) => ignore.find(({ regexp }) => regexp.test(tag))
  const allowed = (tag: string) => allow.some(({ regexp }) => regexp.test(tag))
  const withoutIdentifier = (value: string) =>
    value.startsWith(identifier) ? value.slice(identifier.length) : value
  const cut = (tag: string): string | undefined => {
    if (!tag.startsWith(identifier) || ignoredBy(tag) !== undefined) return undefined
    const extracted = regex?.cut(tag)
    if (extracted !== undefined) return withoutIdentifier(extracted)
    return allowed(tag) || (regex === undefined && allow.length === 0)
      ? withoutIdentifier(tag)
      : undefined
  }
  const patternField = (): string => {
    if (regex !== undefined) return `${provider}.policy.tags.regex`
    return allow.length + ignore.length > 0 ? `${provider}.policy` : 'policy'
  }
  const letInByName = (tag: string): boolean => allow.length > 0 && regex?.cut(tag) === undefined

  return {
    valueOf: cut,
    candidates(storedTags) {
      const regexps = [
        ...(regex ? [regex.regexp] : []),
        ...allow.map(({ regexp }) => regexp),
        ...ignore.map(({ regexp }) => regexp),
      ]
      for (const regexp of regexps) {
        const tooCostly = matchingProblem(regexp, storedTags)
        if (tooCostly !== undefined) throw block.error('NO_TAG_CHOSEN', tooCostly, 'policy')
      }
      return candidatesOf(storedTags, cut, problem =>
        block.error('NO_TAG_CHOSEN', problem, 'policy.tags.extract'),
      ).map(candidate =>
        letInByName(candidate.tag) ? { ...candidate, byRelease: true } : candidate,
      )
    },
    groupsOf: tag => regex?.groupsOf(tag) ?? {},
    reject(tag) {
      if (!tag.startsWith(identifier))
        return `does not begin with the identifier ${showText(identifier)}`
      const ignored = ignoredBy(tag)
      return ignored === undefined
        ? 'matches neither `regex` nor `allowTags`'
        : `matches ${showText(ignored.text)} of \`ignoreTags\``
    },
    pattern: regex,
    fields: { pattern: patternField(), extract: `${provider}.policy.tags.extract` },
    written: [
      ...(regex ? [regex.text] : []),
      ...allow.map(({ text }) => text),
      ...ignore.map(({ text }) => text),
    ],
  }
}

/** The rules for tags of an inline policy in YAML. */
export const showInlineFilter: ShowFilter = (pattern, extract) =>
  `tags: {regex: '${pattern}'${extract === undefined ? '' : `, extract: '${extract}'`}}`

function readPatterns(
  fields: Fields,
  key: 'allowTags' | 'ignoreTags',
): readonly { readonly text: string; readonly regexp: GoRegexp }[] {
  const texts = fields.strings(key)
  if (texts.length > mostPatterns) {
    throw fields.error(
      'BAD_FIELD',
      `must hold at most ${mostPatterns} regular expressions, got ${texts.length}`,
      key,
    )
  }
  return texts.map((text, index) => {
    const regexp = compileGoRegexp(text)
    if ('problem' in regexp) throw fields.error('BAD_FIELD', regexp.problem, `${key}[${index}]`)
    return { text, regexp }
  })
}

import { type Fields, fieldsOf } from '../krm/fields.ts'
import { readFilter, type TagFilter } from './filter-tags.ts'
import { type LintWarning, lint } from './lint.ts'
import { nonePassed, noneQualifies, noTags } from './no-tag-chosen.ts'
import type { Candidate, NamedRule } from './policy-kind.ts'
import { policyKinds } from './policy-kinds.ts'
import { showText } from './show-text.ts'
import { tagLimitProblem } from './tag-limit.ts'

/** `policy` and `filterTags` of the `spec` of Flux's ImagePolicy. */
export interface TagPolicy {
  readonly policy: {
    readonly semver?: { readonly range?: string } | null
    readonly alphabetical?: { readonly order?: string } | null
    readonly numerical?: { readonly order?: string } | null
  }
  readonly filterTags?: { readonly pattern?: string; readonly extract?: string } | null
}

/** How a policy chooses, read and checked. */
export interface TagChooser {
  /** Chooses among the tags that `scanTags` gave. Throws NO_TAG_CHOSEN. */
  choose(storedTags: readonly string[]): Choice
  /** What became of each tag, for explanations. */
  explain(storedTags: readonly string[]): readonly Verdict[]
  /** What Flux accepts and people rarely mean, each with its fix. */
  warnings(storedTags: readonly string[]): readonly LintWarning[]
}

export interface Choice {
  readonly tag: string
  /** What the policy compared: the tag, or what `extract` cut out of it. */
  readonly value: string
  /** The value, where the policy is numerical. */
  readonly number?: string
  /** Why this tag, for people: `the highest version in ">=1.2.3 <2.0.0"`. */
  readonly reason: string
  /** How many values the policy chose from. */
  readonly passed: number
  /** Other tags that Flux, whose order is random after a filter, could as well have chosen. */
  readonly ties: readonly string[]
  /** The named groups of the filter's pattern that took part in the match of the chosen tag. */
  readonly groups: Readonly<Record<string, string>>
}

export interface Verdict {
  readonly tag: string
  /** Undefined where the tag does not pass the filter. */
  readonly value?: string
  /** Why the tag can't be chosen; undefined where it can. */
  readonly rejected?: string
}

/**
 * The tag that Flux chooses among the tags that `scanTags` gave, and the value that its policy compared. Throws a FunctionError whose
 * `flux` is Flux's own message: for a bad policy, an empty list, a bad filter, in this order, or where no tag qualifies.
 */
export function chooseTag(
  { policy, filterTags }: TagPolicy,
  storedTags: readonly string[],
): { readonly tag: string; readonly value: string } {
  const spec = fieldsOf(undefined, { policy, filterTags }, 'spec')
  const rule = readRule(spec)
  if (storedTags.length === 0) throw noTags(spec)
  const { tag, value } = chooserOf(spec, rule, readFilter(spec)).choose(storedTags)
  return { tag, value }
}

/** Reads `policy` and `filterTags` of the `spec` of an ImagePolicy. Throws BAD_FIELD. */
export function readChooser(spec: Fields): TagChooser {
  return chooserOf(spec, readRule(spec), readFilter(spec))
}

function readRule(spec: Fields): NamedRule {
  const policy = spec.optionalMapping('policy')
  for (const [kind, read] of policyKinds) {
    const fields = policy?.optionalMapping(kind)
    if (fields !== undefined) return { kind, ...read(fields) }
  }
  const error = spec.error(
    'BAD_FIELD',
    `must have one of ${[...policyKinds.keys()].join(', ')}`,
    'policy',
  )
  error.flux = 'invalid policy: given ImagePolicyChoice object is invalid'
  throw error
}

/** A chooser of a rule that was read from `spec`, and of a filter. */
export function chooserOf(
  spec: Fields,
  rule: NamedRule,
  filter: TagFilter | undefined,
): TagChooser {
  const candidatesAmong = (storedTags: readonly string[]): readonly Candidate[] =>
    filter ? filter.candidates(storedTags) : storedTags.map(tag => ({ tag, value: tag }))

  return {
    choose(storedTags) {
      const tooMany = tagLimitProblem(storedTags)
      if (tooMany !== undefined) throw spec.error('NO_TAG_CHOSEN', tooMany)
      if (storedTags.length === 0) throw noTags(spec)
      const candidates = candidatesAmong(storedTags)
      if (candidates.length === 0) throw nonePassed(spec, filter, storedTags)
      const winner = rule.choose(candidates)
      if (winner === undefined) throw noneQualifies(spec, rule, storedTags, candidates)
      const { tag, value } = winner.candidate
      return {
        tag,
        value,
        ...(rule.kind === 'numerical' && { number: value }),
        reason: rule.superlative,
        passed: candidates.length,
        ties: filter ? winner.ties.map(tie => tie.tag) : [],
        groups: filter?.groupsOf(tag) ?? {},
      }
    },
    explain(storedTags) {
      const withValue = new Map(
        candidatesAmong(storedTags).map(candidate => [candidate.value, candidate]),
      )
      return storedTags.map(tag => {
        const value = filter ? filter.valueOf(tag) : tag
        if (value === undefined) return { tag, rejected: filter?.reject(tag) ?? '' }
        const last = withValue.get(value) ?? { tag, value }
        const rejected =
          last.tag === tag ? rule.reject(last) : `has the same value as ${showText(last.tag)}`
        return { tag, value, ...(rejected !== undefined && { rejected }) }
      })
    },
    warnings: storedTags =>
      lint({
        spec,
        kind: rule.kind,
        filter,
        storedTags,
        candidates: () => candidatesAmong(storedTags),
      }),
  }
}

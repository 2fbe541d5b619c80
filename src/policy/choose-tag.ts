import { FunctionError } from '../errors.ts'
import { type Fields, fieldsOf } from '../krm/fields.ts'
import { readFilter, showFilterTags, type TagFilter } from './filter-tags.ts'
import type { Candidate, NamedRule, ShowFilter, Winner } from './kinds/policy-kind.ts'
import { type RuleSpec, tagKinds } from './kinds/policy-kinds.ts'
import { type LintWarning, lint, unknownGroup } from './lint.ts'
import { nonePassed, noneQualifies, noTags, withHint } from './no-tag-chosen.ts'
import { showText } from './show-text.ts'
import { tagLimitProblem } from './tag-limit.ts'

/** `policy` and `filterTags` of the `spec` of Flux's ImagePolicy. */
export interface TagPolicy {
  readonly policy: RuleSpec
  readonly filterTags?: { readonly pattern?: string; readonly extract?: string } | null
}

/** How a policy chooses, read and checked. */
export interface TagChooser {
  /** Chooses among the tags that `scanTags` returned. Throws NO_TAG_CHOSEN. */
  choose(storedTags: readonly string[]): Choice
  /**
   * Whether the policy prefers the tag `other` to `chosen`, its limits aside; undefined if it can't
   * compare them.
   */
  prefersOther(chosen: string, other: string, storedTags: readonly string[]): boolean | undefined
  /** What happened to each tag, for explanations. */
  explain(storedTags: readonly string[]): readonly Verdict[]
  /** What Flux accepts although people rarely mean it, each with its fix. */
  warnings(storedTags: readonly string[]): readonly LintWarning[]
}

export interface Choice {
  readonly tag: string
  /** What the policy compared: the tag, or what `extract` cut out of it. */
  readonly value: string
  /**
   * The build number: the group named `build` of the filter's pattern, else the value if the kind
   * of policy counts builds.
   */
  readonly build?: string
  /** Why this tag, for reports: `the highest version in ">=1.2.3 <2.0.0"`. */
  readonly reason: string
  /** How many values the policy chose from. */
  readonly passed: number
  /** Other tags that Flux, whose order is random after a filter, could as well have chosen. */
  readonly ties: readonly string[]
}

export interface Verdict {
  readonly tag: string
  /** Undefined if the tag does not pass the filter. */
  readonly value?: string
  /** Why the tag can't be chosen; undefined if it can. */
  readonly rejected?: string
}

/**
 * The tag that Flux chooses among the tags that `scanTags` returned, and the value that its policy
 * compared. Throws a FunctionError whose `flux` is Flux's own message: for a bad policy, an empty
 * list, a bad filter, in this order, or if no tag qualifies.
 */
export function chooseTag(
  { policy, filterTags }: TagPolicy,
  storedTags: readonly string[],
): { readonly tag: string; readonly value: string } {
  const spec = fieldsOf(undefined, { policy, filterTags }, 'spec')
  const rule = readRule(spec)
  if (storedTags.length === 0) throw noTags(spec)
  const { tag, value } = chooserOf(spec, rule, readFilter(spec), showFilterTags).choose(storedTags)
  return { tag, value }
}

/** Reads `policy` and `filterTags` of the `spec` of an ImagePolicy. Throws BAD_FIELD. */
export function readChooser(spec: Fields): TagChooser {
  return chooserOf(spec, readRule(spec), readFilter(spec), showFilterTags)
}

function readRule(spec: Fields): NamedRule {
  const policy = spec.optionalMapping('policy')
  const kinds = tagKinds()
  for (const [kind, { read }] of kinds) {
    const fields = policy?.optionalMapping(kind)
    if (fields !== undefined) return { kind, ...read(fields) }
  }
  const names = [...kinds.keys()].map(kind => `\`${kind}\``)
  const error = spec.error('BAD_FIELD', `must have one of ${names.join(', ')}; got none`, 'policy')
  error.flux = 'invalid policy: given ImagePolicyChoice object is invalid'
  throw error
}

/**
 * A chooser of a rule and a filter that were read from `spec`; `showFilter` writes a filter as
 * `spec` would.
 */
export function chooserOf(
  spec: Fields,
  rule: NamedRule,
  filter: TagFilter | undefined,
  showFilter: ShowFilter,
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
      const winner = winnerAmong(candidates, rule, filter)
      if (winner === undefined) {
        const hints = [rule.remedy(candidates, showFilter), unknownGroup(filter)]
        throw noneQualifies(spec, rule, storedTags, candidates, hints)
      }
      const { tag, value } = winner.candidate
      const build = filter?.groupsOf(tag).build ?? (rule.countsBuilds ? value : undefined)
      return {
        tag,
        value,
        ...(build !== undefined && { build }),
        reason: rule.superlative,
        passed: candidates.length,
        ties: filter ? winner.ties.map(tie => tie.tag) : [],
      }
    },
    prefersOther(chosen, other, storedTags) {
      const compared = (tag: string): string | undefined => {
        const value = filter?.valueOf(tag)
        if (value !== undefined) return value
        const isKnown = filter === undefined && storedTags.includes(tag)
        return isKnown || rule.comparesAllTags ? tag : undefined
      }
      const [first, second] = [compared(chosen), compared(other)]
      if (first === undefined || second === undefined) return undefined
      const order = rule.compare(first, second)
      return order === undefined ? undefined : order < 0
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
        rule,
        filter,
        storedTags,
        candidates: () => candidatesAmong(storedTags),
        showFilter,
      }),
  }
}

/** The winner by the rule. An error of the rule also names the group that `extract` gets wrong. */
function winnerAmong(
  candidates: readonly Candidate[],
  rule: NamedRule,
  filter: TagFilter | undefined,
): Winner | undefined {
  try {
    return rule.choose(candidates)
  } catch (error) {
    const hint = unknownGroup(filter)
    if (hint === undefined || !(error instanceof FunctionError)) throw error
    throw withHint(error, `; ${hint}`)
  }
}

import type { Fields } from '../../krm/fields.ts'

/**
 * A kind of policy. `policyKinds` holds each of them by its key under `policy`, such as `semver`.
 */
export type PolicyKind = TagKind | DigestKind

/**
 * A kind that chooses among the tags of a repository. Flux's own objects can have it, and inline
 * policies too.
 */
export interface TagKind<Key extends string = string> {
  readonly asks: 'tags'
  /** The keys of its mapping. All of them are optional and hold strings. */
  readonly keys: readonly Key[]
  /** Reads its mapping. Throws BAD_FIELD. */
  read(spec: Fields): TagRule
  /**
   * Its mapping with defaults filled in: equal values for equal meanings. The mapping may be wrong
   * in any way.
   */
  meaning(spec: Readonly<Record<string, unknown>>): unknown
}

/** A kind that names what must run instead of choosing it. Only inline policies can have it. */
export interface DigestKind {
  readonly asks: 'digest'
  /** Reads `key` of the mapping `policy`. Throws BAD_FIELD. */
  read(policy: Fields, key: string): Pin | Follow
}

/** A digest that must run. */
export interface Pin {
  readonly kind: 'pin'
  readonly digest: string
  /** Where it is written, from the policy: `policy.digest`. */
  readonly field: string
}

/** A tag that is followed by its digest. */
export interface Follow {
  readonly kind: 'follow'
  readonly tag: string
  /** Where it is written, from the policy: `policy.digest`. */
  readonly field: string
}

/** A tag that passed the filter. */
export interface Candidate {
  readonly tag: string
  /** What policies compare: the tag, or what `extract` cut out of it. */
  readonly value: string
  /**
   * A pre-release that an inline policy lets in by name: a range tests its release version, so that
   * the range does not have to name pre-releases.
   */
  readonly byRelease?: boolean
}

/** How one policy chooses: what a kind makes of its mapping. */
export interface TagRule {
  /**
   * What the winner is among the candidates, for reports: `the highest version in ">=1.2.3
   * <2.0.0"`.
   */
  readonly superlative: string
  /** Whether the value of the winner is a build number. */
  readonly countsBuilds: boolean
  /**
   * Flux's loop: the winner; undefined if no candidate qualifies. Throws NO_TAG_CHOSEN if a value
   * makes the whole policy fail.
   */
  choose(candidates: readonly Candidate[]): Winner | undefined
  /**
   * Which of two values the policy prefers, its limits (such as a range) aside: positive for the
   * first, negative for the second; undefined if they can't be compared.
   */
  compare(a: string, b: string): number | undefined
  /**
   * Whether tags that the filter drops, or that the repository does not have, can be compared too:
   * a version is a version in any list, while words have an order only among their like.
   */
  readonly comparesAllTags: boolean
  /**
   * Why this candidate can never win (`not a version`, `outside the range`), for explanations only;
   * undefined if it can.
   */
  reject(candidate: Candidate): string | undefined
  /** What Flux accepts although people rarely mean it, each with its fix. */
  warnings(candidates: () => readonly Candidate[], showFilter: ShowFilter): readonly RuleWarning[]
  /** What to write if none of the candidates qualifies; undefined if nothing better is known. */
  remedy(candidates: readonly Candidate[], showFilter: ShowFilter): string | undefined
}

/** A rule, and the key under `policy` that it was read from. */
export interface NamedRule extends TagRule {
  readonly kind: string
}

/** The YAML that filters tags by a pattern, in the form in which the policy is written. */
export type ShowFilter = (pattern: string, extract?: string) => string

export interface RuleWarning {
  /** The key of the kind's mapping that the warning is about; absent: the mapping as a whole. */
  readonly key?: string
  readonly problem: string
}

export interface Winner {
  readonly candidate: Candidate
  /**
   * The candidates that would win if the list came in another order: the rule can't tell them from
   * the winner.
   */
  readonly ties: readonly Candidate[]
}

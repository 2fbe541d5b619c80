import type { Fields } from '../krm/fields.ts'

/** A tag that passed `spec.filterTags`. `value` is what policies compare: the tag, or what `extract` cut out of it. */
export interface Candidate {
  readonly tag: string
  readonly value: string
  /** A pre-release that an inline policy lets in by name: a range tests its release version, so that it need not name pre-releases. */
  readonly byRelease?: boolean
}

/** Reads `spec.policy.<kind>` and returns the rule it describes. Throws BAD_FIELD. */
export type PolicyKind = (spec: Fields) => PolicyRule

export interface PolicyRule {
  /** What the winner is among the candidates, for people: `the highest version in ">=1.2.3 <2.0.0"`. */
  readonly superlative: string
  /** Flux's loop: the winner, or undefined when no candidate qualifies. Throws NO_TAG_CHOSEN when a value cannot be compared. */
  choose(candidates: readonly Candidate[]): Winner | undefined
  /** Why this candidate can never win (`not a version`, `outside the range`), or undefined: for explanations, never for the choice. */
  reject(candidate: Candidate): string | undefined
}

/** A rule, and the key of `spec.policy` that it was read from. */
export interface NamedRule extends PolicyRule {
  readonly kind: string
}

export interface Winner {
  readonly candidate: Candidate
  /** The candidates that win when the list comes in another order: the rule can't tell them from the winner. */
  readonly ties: readonly Candidate[]
}

import { alphabetical } from './alphabetical.ts'
import { digest } from './digest-kind.ts'
import { numerical } from './numerical.ts'
import type { PolicyKind, TagKind } from './policy-kind.ts'
import { semver } from './semver.ts'

/**
 * Every kind of policy, by its key. Of several in one ImagePolicy, Flux reads the first of this
 * order and ignores the others.
 */
const kinds = {
  semver,
  alphabetical,
  numerical,
  digest,
}

export const policyKinds: ReadonlyMap<string, PolicyKind> = new Map(Object.entries(kinds))

/** The kinds that an ImagePolicy of Flux can have. */
export const tagKinds = (): ReadonlyMap<string, TagKind> =>
  new Map(
    [...policyKinds].flatMap(([key, kind]) => (kind.asks === 'tags' ? [[key, kind] as const] : [])),
  )

/** `spec.policy` of an ImagePolicy of Flux. */
export type RuleSpec = {
  readonly [K in keyof typeof kinds as (typeof kinds)[K] extends TagKind ? K : never]?: MappingOf<
    (typeof kinds)[K]
  > | null
}

type MappingOf<Kind> = Kind extends TagKind<infer Key> ? { readonly [K in Key]?: string } : never

import { alphabetical } from './alphabetical.ts'
import { numerical } from './numerical.ts'
import type { PolicyKind } from './policy-kind.ts'
import { semver } from './semver.ts'

/** Every kind of `spec.policy`. Of several in one policy, Flux reads the first of this order and does not look at the others. */
export const policyKinds: ReadonlyMap<string, PolicyKind> = new Map([
  ['semver', semver],
  ['alphabetical', alphabetical],
  ['numerical', numerical],
])

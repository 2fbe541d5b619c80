import type { Fields } from '../krm/fields.ts'
import { policyKinds, tagKinds } from './kinds/policy-kinds.ts'
import { onlyKeys } from './known-keys.ts'

/**
 * Checks the keys of `policy` in the `spec` of an ImagePolicy, and those of each kind in it. Throws
 * BAD_FIELD.
 */
export function checkRuleKeys(spec: Fields): void {
  const policy = spec.optionalMapping('policy')
  if (policy === undefined) return
  const kinds = tagKinds()
  const inline = policy.keys().find(key => policyKinds.has(key) && !kinds.has(key))
  if (inline !== undefined) {
    throw policy.error(
      'BAD_FIELD',
      `must be a kind of policy that Flux's ImagePolicy has: only inline policies have \`${inline}\``,
      inline,
    )
  }
  onlyKeys(policy, [...kinds.keys()])
  for (const [key, kind] of kinds) {
    const rule = policy.optionalMapping(key)
    if (rule !== undefined) onlyKeys(rule, kind.keys)
  }
}

import { compareBytes } from './byte-order.ts'
import { readOrder } from './order.ts'
import type { PolicyKind } from './policy-kind.ts'

/**
 * `spec.policy.alphabetical`: the value that comes last by its bytes (`order: asc`, the default) or first (`desc`): `9` comes after `10`.
 * Source: fluxcd/image-reflector-controller v1.2.0, internal/policy/alphabetical.go.
 */
export const alphabetical: PolicyKind = spec => {
  const sign = readOrder(spec) === 'ASC' ? 1 : -1

  return {
    superlative: sign === 1 ? 'the last in alphabetical order' : 'the first in alphabetical order',
    choose([first, ...others]) {
      if (first === undefined) return undefined
      let best = first
      for (const candidate of others) {
        if (sign * compareBytes(candidate.value, best.value) > 0) best = candidate
      }
      return { candidate: best, ties: [] } // values that differ are never equal
    },
    reject: () => undefined,
  }
}

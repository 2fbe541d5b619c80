import { FunctionError } from './errors.ts'
import type { Place } from './place.ts'

/**
 * The steps that one run may take in loops whose number of rounds the input decides. Counted, never
 * timed, so that the same input always gives the same answer.
 */
export interface Budget {
  /** Takes steps. Throws BAD_INPUT if there are not enough left. */
  spend(steps: number, place?: Place): void
  /** Takes steps if there are enough left: for hints, which are left out otherwise. */
  affords(steps: number): boolean
}

/** More than twenty times what 50,000 resources with 2,000 policies take. */
export const workSteps = 100_000_000
/** Pairs of characters: a few dozen hints among 1,000 names of usual length. */
export const hintSteps = 20_000_000

export function newBudget(steps: number): Budget {
  let left = steps
  const affords = (taken: number) => {
    if (taken > left) return false
    left -= taken
    return true
  }
  return {
    affords,
    spend(taken, place) {
      if (affords(taken)) return
      const must = `must be simpler: this run takes more than ${steps} steps; use fewer aliases, policies or folders, or split the input`
      throw new FunctionError('BAD_INPUT', must, place)
    },
  }
}

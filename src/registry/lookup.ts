import { FunctionError } from '../errors.ts'
import type { Limits } from './limits.ts'

/** One look-up: a listing with all its tokens and pages, or one digest. */
export interface Lookup {
  /** Aborts at the end of the time limit. */
  readonly signal: AbortSignal
  /** Milliseconds until the time limit. */
  left(): number
  /** The problem to report after the time limit. */
  timeoutProblem(): string
}

/**
 * Starts a look-up, which ends no later than the run. `timeout` is `spec.timeout`, which Flux
 * limits to at least one second.
 */
export function startLookup(timeout: number | undefined, runEnds: number, limits: Limits): Lookup {
  const own = Math.max(timeout ?? limits.lookup, limits.shortestLookup)
  const ofRun = runEnds - Date.now()
  const milliseconds = Math.min(own, ofRun)
  const overall = `all look-ups together took longer than ${limits.run / 1000} s; raise IMAGE_POLICY_RUN_TIMEOUT (seconds), or look up fewer repositories`
  if (milliseconds <= 0) throw new FunctionError('REGISTRY_FAILED', overall)
  const ends = Date.now() + milliseconds
  const advice = 'try again, or raise `spec.timeout` of the ImageRepository'
  return {
    signal: AbortSignal.timeout(milliseconds),
    left: () => ends - Date.now(),
    timeoutProblem: () =>
      ofRun < own ? overall : `no complete answer within ${own / 1000} s; ${advice}`,
  }
}

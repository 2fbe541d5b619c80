import { FunctionError } from '../errors.ts'
import type { Limits } from './limits.ts'

/** One look-up: a whole listing with its tokens and pages, or one digest. */
export interface Lookup {
  /** Aborts when its time is over. */
  readonly signal: AbortSignal
  /** Milliseconds that are left. */
  left(): number
  /** What to say when its time is over. */
  timeoutProblem(): string
}

/** Starts the clock of a look-up, which ends no later than the run. `timeout` is `spec.timeout`, of which Flux allows no less than a second. */
export function startLookup(timeout: number | undefined, runEnds: number, limits: Limits): Lookup {
  const own = Math.max(timeout ?? limits.lookup, limits.shortestLookup)
  const ofRun = runEnds - Date.now()
  const milliseconds = Math.min(own, ofRun)
  const overall = `all look-ups together took longer than ${limits.run / 1000} s; allow more by IMAGE_POLICY_RUN_TIMEOUT (seconds), or ask for less`
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

import { FunctionError } from './errors.ts'
import type { Place } from './place.ts'

/** Something worth reporting that stops nothing. `strict` turns warnings into errors. */
export interface Notice {
  readonly severity: 'warning' | 'info'
  readonly problem: string
  readonly place?: Place
}

/**
 * The one way in which problems travel: a function that returns one value throws a `FunctionError` if it has none; a step that
 * handles many values takes a `Problems`, wraps each of them in `attempt` and goes on, so that one run reports every problem.
 */
export interface Problems {
  /** In the order in which they were found. */
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
  fail(error: FunctionError): void
  warn(problem: string, place?: Place): void
  inform(problem: string, place?: Place): void
  /** The value of the step; undefined if it throws a FunctionError, which is then the last of `errors`. */
  attempt<T>(step: () => T): T | undefined
  /** The same for an asynchronous step. */
  attemptAsync<T>(step: () => Promise<T>): Promise<T | undefined>
}

export function newProblems(): Problems {
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const caught = (error: unknown): undefined => {
    if (!(error instanceof FunctionError)) throw error
    errors.push(error)
  }
  const note = (severity: Notice['severity'], problem: string, place: Place | undefined) =>
    notices.push({ severity, problem, ...(place && { place }) })
  return {
    errors,
    notices,
    fail: error => errors.push(error),
    warn: (problem, place) => note('warning', problem, place),
    inform: (problem, place) => note('info', problem, place),
    attempt(step) {
      try {
        return step()
      } catch (error) {
        return caught(error)
      }
    },
    async attemptAsync(step) {
      try {
        return await step()
      } catch (error) {
        return caught(error)
      }
    },
  }
}

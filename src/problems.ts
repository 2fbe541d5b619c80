import { type Budget, hintSteps, newBudget, workSteps } from './budget.ts'
import { FunctionError } from './errors.ts'
import type { Place } from './place.ts'

/** Something to report that stops nothing. */
export interface Notice {
  /** A `note` is information that is also written to stderr. */
  readonly severity: 'warning' | 'note' | 'info'
  readonly problem: string
  readonly place?: Place
}

/**
 * The one way in which problems travel: a function that returns one value throws a `FunctionError`
 * if it has none; a step that handles many values takes a `Problems`, wraps each of them in
 * `attempt` and goes on, so that one run reports every problem.
 */
export interface Problems {
  /** In the order in which they were found. */
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
  /** What the run may still do. */
  readonly work: Budget
  /** What it may still do for hints in messages. */
  readonly hints: Budget
  fail(error: FunctionError): void
  warn(problem: string, place?: Place): void
  note(problem: string, place?: Place): void
  inform(problem: string, place?: Place): void
  /** From now on, and for those that were reported already, warnings are errors (`strict`). */
  refuseWarnings(): void
  /**
   * The value of the step; undefined if it throws a FunctionError, which is then the last of
   * `errors`.
   */
  attempt<T>(step: () => T): T | undefined
  /** The same for an asynchronous step. */
  attemptAsync<T>(step: () => Promise<T>): Promise<T | undefined>
}

/**
 * Without problems yet. What is collected aside spends what is left of the `run`: a budget of its
 * own for each step would be no limit.
 */
export function newProblems(run?: Pick<Problems, 'work' | 'hints'>): Problems {
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const caught = (error: unknown): undefined => {
    if (!(error instanceof FunctionError)) throw error
    errors.push(error)
  }
  let isStrict = false
  const report = (severity: Notice['severity'], problem: string, place: Place | undefined) => {
    if (severity !== 'warning' || !isStrict)
      notices.push({ severity, problem, ...(place && { place }) })
    else refuse({ problem, ...(place && { place }) })
  }
  const refuse = ({ problem, place }: Omit<Notice, 'severity'>) => {
    const refused = `${problem} (an error because of \`strict\`)`
    errors.push(new FunctionError('BAD_FIELD', refused, place))
  }
  return {
    errors,
    notices,
    work: run?.work ?? newBudget(workSteps),
    hints: run?.hints ?? newBudget(hintSteps),
    fail: error => errors.push(error),
    warn: (problem, place) => report('warning', problem, place),
    note: (problem, place) => report('note', problem, place),
    inform: (problem, place) => report('info', problem, place),
    refuseWarnings() {
      isStrict = true
      const reported = notices.splice(0)
      for (const notice of reported)
        if (notice.severity === 'warning') refuse(notice)
        else notices.push(notice)
    },
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

import { formatPlace, type Place } from './place.ts'

/** Why the function stopped, and the process exit code that says so. Codes are stable; messages are not. */
export const exitCodes = {
  BAD_ARGUMENT: 1, // the command line asks for something that is not there
  BAD_INPUT: 1, // the input is not a ResourceList or a stream of YAML documents
  BAD_FIELD: 1, // a field of the functionConfig, of a policy or of a workload is missing or wrong
  UNKNOWN_POLICY: 1, // something names a policy or a repository that is not in the input
  AMBIGUOUS_POLICY: 1, // several policies claim the same name or the same image
  NO_TAG_CHOSEN: 1, // the registry answered, but no tag satisfies the policy
  UPDATES_FOUND: 2, // check: an image is not the one that its policy chooses
  REGISTRY_FAILED: 3, // the registry could not be reached or gave a broken answer; trying again may help
  REGISTRY_DENIED: 3, // the registry refused the credentials, or refused access without any
} as const

export type ErrorCode = keyof typeof exitCodes

/** An error the user can act on. Anything else that is thrown is a bug: exit code 70, with its stack. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError'
  readonly code: ErrorCode
  readonly place: Place | undefined
  /** The message without its place. */
  readonly problem: string
  /** What Flux would say in this case, where Flux has words for it. */
  flux?: string

  constructor(code: ErrorCode, problem: string, place?: Place, cause?: unknown) {
    super(
      place ? `${formatPlace(place)}: ${problem}` : problem,
      cause === undefined ? undefined : { cause },
    )
    this.code = code
    this.place = place
    this.problem = problem
  }
}

/** The exit code of a run with these errors: what must be fixed comes before what may help itself. */
export function exitCodeOf(errors: readonly FunctionError[]): number {
  const codes = errors.map(({ code }) => exitCodes[code])
  return codes.find(code => code === 1) ?? codes.find(code => code === 3) ?? codes[0] ?? 0
}

/** What the step gives; undefined where it throws a FunctionError, which is then the last of `errors`: one run tells every problem. */
export function attempt<T>(step: () => T, errors: FunctionError[]): T | undefined {
  try {
    return step()
  } catch (error) {
    return collected(error, errors)
  }
}

/** The same for a step that takes time. */
export async function attemptAsync<T>(
  step: () => Promise<T>,
  errors: FunctionError[],
): Promise<T | undefined> {
  try {
    return await step()
  } catch (error) {
    return collected(error, errors)
  }
}

function collected(error: unknown, errors: FunctionError[]): undefined {
  if (!(error instanceof FunctionError)) throw error
  errors.push(error)
}

/** Something worth saying that stops nothing. `strict` makes errors of warnings. */
export interface Notice {
  readonly severity: 'warning' | 'info'
  readonly problem: string
  readonly place?: Place
}

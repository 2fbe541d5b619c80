import { formatPlace, type Place } from './place.ts'

/**
 * Why a run failed, and the exit code of the process for it. Codes are stable; messages are not.
 */
export const exitCodes = {
  BAD_ARGUMENT: 1, // an argument of the command line, or of a call of the library, is wrong or missing
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

/**
 * An error the user can act on. Anything else that is thrown is a bug: exit code 70, with its
 * stack.
 */
export class FunctionError extends Error {
  override readonly name = 'FunctionError'
  readonly code: ErrorCode
  readonly place: Place | undefined
  /** The message without its place. */
  readonly problem: string
  /** Flux's own message in this case, if it has one. */
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

/**
 * The exit code of a run with these errors: what must be fixed comes before what may pass by
 * itself.
 */
export function exitCodeOf(errors: readonly FunctionError[]): number {
  const codes = errors.map(({ code }) => exitCodes[code])
  return codes.find(code => code === 1) ?? codes.find(code => code === 3) ?? codes[0] ?? 0
}

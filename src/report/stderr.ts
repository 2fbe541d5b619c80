import type { Mode } from '../krm/function-config.ts'
import { placeOf } from '../krm/resource.ts'
import { formatPlace } from '../place.ts'
import { formatPolicyId } from '../policy/image-policy.ts'
import { formatPath } from '../targets/target.ts'
import { formatMessage } from './escape.ts'
import { type Findings, formatMove } from './results.ts'

/**
 * One line for each error, warning and change (an excerpt follows on lines of its own): kustomize throws results away, so people read these.
 * Made as they are asked for: there can be many.
 */
export function* formatStderr(findings: Findings, mode: Mode): Generator<string> {
  for (const line of lines(findings, mode)) yield `${formatMessage(line)}\n`
}

function* lines({ errors, notices, changes }: Findings, mode: Mode): Generator<string> {
  for (const { message } of errors) yield `error: ${message}`
  for (const { severity, problem, place } of notices) {
    if (severity === 'warning') yield `warning: ${place ? `${formatPlace(place)}: ` : ''}${problem}`
  }
  if (errors.length > 0) return
  for (const change of changes) {
    const { resource, path, policy, reason } = change
    const move = `${formatPlace(placeOf(resource, formatPath(path)))}: ${formatMove(change)} (${formatPolicyId(policy.id)}: ${reason})`
    yield mode === 'check' ? `error: ${move}` : move
  }
}

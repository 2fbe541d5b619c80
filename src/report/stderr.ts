import type { Mode } from '../krm/function-config.ts'
import { placeOf } from '../krm/resource.ts'
import { formatPlace } from '../place.ts'
import { formatPolicyId } from '../policy/image-policy.ts'
import type { Change } from '../rewrite/change.ts'
import { formatMessage } from './escape.ts'
import { type Findings, formatMove } from './results.ts'

/**
 * One line for each error, warning and change (an excerpt follows on lines of its own): kustomize throws results away, so people read these.
 * Made as they are asked for, many changes at a time: there can be many.
 */
export function* formatStderr(
  { errors, notices, changes }: Findings,
  mode: Mode,
): Generator<string> {
  for (const { message } of errors) yield `${formatMessage(`error: ${message}`)}\n`
  for (const { severity, problem, place } of notices) {
    if (severity === 'warning')
      yield `${formatMessage(`warning: ${place ? `${formatPlace(place)}: ` : ''}${problem}`)}\n`
  }
  if (errors.length > 0) return
  const formatChange =
    mode === 'check' ? (change: Change) => `error: ${changeLine(change)}` : changeLine
  for (let from = 0; from < changes.length; from += atOnce) {
    yield changes
      .slice(from, from + atOnce)
      .map(formatChange)
      .join('')
  }
}

/** So many changes are told at a time. */
const atOnce = 64

function changeLine(change: Change): string {
  const { resource, field, policy, reason } = change
  const place = formatPlace(placeOf(resource, field))
  return `${formatMessage(`${place}: ${formatMove(change)} (${formatPolicyId(policy.id)}: ${reason})`)}\n`
}

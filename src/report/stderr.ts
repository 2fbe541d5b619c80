import type { Evaluation } from '../evaluate.ts'
import type { Mode } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { formatPlace } from '../place.ts'
import { formatPolicyId, policyPlace } from '../policy/image-policy.ts'
import type { Notice } from '../problems.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Change } from '../rewrite/change.ts'
import { andMore, bounded, mostReported } from './bounds.ts'
import { formatMessage } from './escape.ts'
import { formatMove, formatResolution, newPathFormatter } from './results.ts'

/** `quiet`: errors only; `verbose`: also what each policy chose, and all information. */
export type Verbosity = 'quiet' | 'normal' | 'verbose'

/**
 * One line for each error, warning, note and change: kustomize drops results, so people read these.
 * Made many changes at a time: there can be many.
 */
export function* formatStderr(
  { errors, notices, resolutions, changes, config }: Evaluation,
  verbosity: Verbosity = 'normal',
): Generator<string> {
  for (const { message } of errors.slice(0, mostReported))
    yield `${formatMessage(`error: ${bounded(message)}`)}\n`
  if (errors.length > mostReported)
    yield `error: ${andMore(errors.length - mostReported, 'error')}\n`
  yield* noticeLines(notices.filter(notice => isReported(notice, verbosity)))
  if (errors.length > 0) return
  const isCheck = config.mode === 'check'
  if (verbosity === 'verbose')
    for (const resolution of resolutions.values()) yield resolutionLine(resolution)
  if (verbosity === 'quiet' && !isCheck) return
  // no line begins with text of a manifest, which a CI runner could take for a command
  const prefix = isCheck ? 'error: ' : 'update: '
  const formatPath = newPathFormatter()
  const formatChange = (change: Change) => prefix + changeLine(change, formatPath(change.path))
  const shown = changes.filter(isShown(config.mode))
  for (let from = 0; from < shown.length; from += atOnce)
    yield shown
      .slice(from, from + atOnce)
      .map(formatChange)
      .join('')
}

/**
 * An annotation that records an image that changes has no line of its own, and a check judges
 * images only.
 */
function isShown(mode: Mode): (change: Change) => boolean {
  let withImage: Resource | undefined
  return ({ kind, resource }) => {
    if (kind === 'image') withImage = resource
    return kind === 'image' || (mode === 'apply' && resource !== withImage)
  }
}

function isReported({ severity }: Notice, verbosity: Verbosity): boolean {
  if (verbosity === 'normal') return severity !== 'info'
  return verbosity === 'verbose'
}

/** So many changes are written at a time. */
const atOnce = 64

function* noticeLines(notices: readonly Notice[]): Generator<string> {
  const counts = { warning: 0, note: 0, info: 0 }
  for (const notice of notices)
    if (++counts[notice.severity] <= mostReported) yield noticeLine(notice)
  for (const severity of ['warning', 'note', 'info'] as const) {
    const more = counts[severity] - mostReported
    if (more > 0)
      yield `${severity}: ${andMore(more, severity === 'info' ? 'message' : severity)}\n`
  }
}

function noticeLine({ severity, problem, place }: Notice): string {
  const where = place === undefined ? '' : `${formatPlace(place)}: `
  return `${formatMessage(bounded(`${severity}: ${where}${problem}`))}\n`
}

const resolutionLine = (resolution: Resolution) =>
  `${formatMessage(`info: ${formatPlace(policyPlace(resolution.policy))}: ${formatResolution(resolution)}`)}\n`

function changeLine(change: Change, field: string): string {
  const { resource, policy, reason } = change
  const place = formatPlace(placeOf(resource, field))
  return `${formatMessage(`${place}: ${formatMove(change)} (${formatPolicyId(policy.id)}: ${reason})`)}\n`
}

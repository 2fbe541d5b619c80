import type { FunctionError } from '../errors.ts'
import type { Evaluation } from '../evaluate.ts'
import { type FieldPath, formatPath } from '../field-path.ts'
import type { Mode } from '../krm/function-config.ts'
import { placeOf } from '../krm/resource.ts'
import { errorResult, type Result, references } from '../krm/result.ts'
import { formatPlace, type Place } from '../place.ts'
import { formatPolicyId, policyPlace } from '../policy/image-policy.ts'
import type { Notice } from '../problems.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Change } from '../rewrite/change.ts'
import { andMore, bounded, longestMessage, mostReported } from './bounds.ts'
import { escapeControls } from './escape.ts'

/**
 * The KRM results, in the order that serves kpt, which shows four lines: errors, one summary,
 * warnings, one for each policy, one for each change. After an error nothing was changed, so no
 * change is reported. Made one by one: there can be many.
 */
export function formatResults(evaluation: Evaluation): Iterable<Result> {
  const { errors, notices, changes, config } = evaluation
  const failed = errors.length > 0
  const isCheck = config.mode === 'check'
  function* others(): Generator<Result> {
    for (const error of errors.slice(0, mostReported)) yield errorResultOf(error)
    if (errors.length > mostReported)
      yield { message: andMore(errors.length - mostReported, 'error'), severity: 'error' }
    yield { message: summary(evaluation), severity: failed ? 'error' : 'info' }
    yield* noticeResults(notices, 'warning')
    if (!failed)
      for (const resolution of evaluation.resolutions.values()) yield resolutionResult(resolution)
    yield* noticeResults(notices, 'info')
  }
  return {
    *[Symbol.iterator]() {
      const pathFormatter = newPathFormatter()
      if (!isCheck) yield* others()
      if (!failed)
        for (const change of changes)
          yield changeResult(change, pathFormatter(change.path), config.mode)
      if (isCheck) yield* others()
    },
  }
}

/** Formats paths, each once: fields that are alike share a path. */
export function newPathFormatter(): (path: FieldPath) => string {
  const known = new Map<FieldPath, string>()
  return path => {
    const before = known.get(path)
    if (before !== undefined) return before
    const text = formatPath(path)
    if (known.size < 10_000) known.set(path, text)
    return text
  }
}

function changeResult(change: Change, field: string, mode: Mode): Result {
  const { kind, resource, before, after, policy, reason } = change
  const place = placeOf(resource, field)
  const tags = { policy: formatPolicyId(policy.id), reason }
  const isOutOfDate = mode === 'check' && kind === 'image'
  return {
    message: escapeControls(`${formatPlace(place)}: ${formatMove(change)}`),
    severity: isOutOfDate ? 'error' : 'info',
    ...references(place, { before, after }),
    tags: isOutOfDate ? { code: 'UPDATES_FOUND', ...tags } : tags,
  }
}

/** `"app:v1" -> "app:v2"`, `"app:v2" -> "app:v1" (down)`, `set to "v2"`, `removed, was "7"`. */
export function formatMove({ before, after, isDowngrade }: Change): string {
  if (after === undefined) return `removed, was ${quoted(before)}`
  if (before === undefined) return `set to ${quoted(after)}`
  return `${quoted(before)} -> ${quoted(after)}${isDowngrade ? ' (down)' : ''}`
}

/** As JSON. Most texts are images and have nothing to escape, which is faster to see. */
const quoted = (text: string | undefined) =>
  text !== undefined && /^[\w./:@-]*$/.test(text) ? `"${text}"` : JSON.stringify(text)

function resolutionResult(resolution: Resolution): Result {
  const { policy } = resolution
  return {
    message: escapeControls(`${formatPlace(policyPlace(policy))}: ${formatResolution(resolution)}`),
    severity: 'info',
    ...references(policyPlace(policy)),
  }
}

/**
 * `chose "v1.3.0" out of 6 tags of docker.io/library/app: the highest version in ">=1.2.3 <2.0.0"`
 */
export function formatResolution({
  policy,
  tag,
  digest,
  listed,
  passed,
  reason,
}: Resolution): string {
  const counts =
    listed === undefined
      ? ''
      : ` out of ${listed} ${listed === 1 ? 'tag' : 'tags'}${passed === undefined || passed === listed ? '' : ` (${passed} passed the filter)`}`
  const pinned = digest === undefined ? '' : ` with digest ${digest}`
  return `chose ${tag === undefined ? digest : `"${tag}"${pinned}`}${counts} of ${policy.repository}: ${reason}`
}

function errorResultOf(error: FunctionError): Result {
  const { flux, place } = error
  const message = escapeControls(bounded(error.message))
  const { tags, ...result } = errorResult(error)
  return {
    ...(isLong(place) ? { message, severity: 'error' } : { ...result, message }),
    tags: { ...tags, ...(flux !== undefined && { flux: bounded(flux) }) },
  }
}

function* noticeResults(
  notices: readonly Notice[],
  severity: 'warning' | 'info',
): Generator<Result> {
  const isOwn = (notice: Notice) => (notice.severity === 'warning') === (severity === 'warning')
  const own = notices.filter(isOwn)
  for (const notice of own.slice(0, mostReported)) yield noticeResult(notice, severity)
  const more = own.length - mostReported
  if (more > 0)
    yield { message: andMore(more, severity === 'warning' ? severity : 'message'), severity }
}

const noticeResult = ({ problem, place }: Notice, severity: 'warning' | 'info'): Result => ({
  message: escapeControls(
    bounded(place === undefined ? problem : `${formatPlace(place)}: ${problem}`),
  ),
  severity,
  ...(isLong(place) ? {} : references(place)),
})

/** Names that a message can't hold are not repeated in its references either. */
const isLong = (place: Place | undefined) =>
  place !== undefined && formatPlace(place).length > longestMessage

function summary({ errors, changes, resolutions, config }: Evaluation): string {
  if (errors.length > 0) return `summary: ${count(errors.length, 'error')}, nothing was changed`
  if (resolutions.size === 0)
    return 'summary: nothing was changed, because no policy applies to the input'
  const by = `by ${count(resolutions.size, 'policy', 'policies')}`
  const isCheck = config.mode === 'check'
  const images = changes.filter(({ kind }) => kind === 'image').length
  const annotations = isCheck ? 0 : changes.length - images
  if (images + annotations === 0) return `summary: everything is up to date ${by}`
  const what = `${count(images, 'image')}${annotations > 0 ? ` and ${count(annotations, 'annotation')}` : ''}`
  return isCheck ? `summary: ${what} would change ${by}` : `summary: updated ${what} ${by}`
}

const count = (number: number, one: string, many = `${one}s`) =>
  `${number} ${number === 1 ? one : many}`

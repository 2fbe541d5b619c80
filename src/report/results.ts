import type { FunctionError, Notice } from '../errors.ts'
import type { Mode } from '../krm/function-config.ts'
import { placeOf } from '../krm/resource.ts'
import { errorResult, type Result, references } from '../krm/results.ts'
import { formatPlace } from '../place.ts'
import { formatPolicyId, policyPlace } from '../policy/image-policy.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Change } from '../rewrite/change.ts'
import { escapeControls } from './escape.ts'

/** What a run found out. */
export interface Findings {
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
  readonly resolutions: readonly Resolution[]
  readonly changes: readonly Change[]
}

/**
 * The KRM results, in the order that serves kpt, which shows four lines: errors, one summary, warnings, one for each policy,
 * one for each change. With errors nothing was changed, so no change is told. Made as they are asked for: there can be many. Hosts print
 * the messages to terminals.
 */
export function formatResults(
  { errors, notices, resolutions, changes }: Findings,
  mode: Mode,
): Iterable<Result> {
  const failed = errors.length > 0
  const told = failed ? [] : changes
  function* others(): Generator<Result> {
    for (const error of errors)
      yield { ...errorResult(error), message: escapeControls(error.message) }
    yield {
      message: summary(errors, changes, resolutions.length, mode),
      severity: failed ? 'error' : 'info',
    }
    for (const notice of notices) if (notice.severity === 'warning') yield noticeResult(notice)
    if (!failed) for (const resolution of resolutions) yield resolutionResult(resolution)
    for (const notice of notices) if (notice.severity === 'info') yield noticeResult(notice)
  }
  return {
    *[Symbol.iterator]() {
      if (mode === 'apply') yield* others()
      for (const change of told) yield changeResult(change, mode)
      if (mode === 'check') yield* others()
    },
  }
}

function changeResult(change: Change, mode: Mode): Result {
  const { resource, field, before, after, policy, reason } = change
  const place = placeOf(resource, field)
  const tags = { policy: formatPolicyId(policy.id), reason }
  return {
    message: escapeControls(`${formatPlace(place)}: ${formatMove(change)}`),
    severity: mode === 'check' ? 'error' : 'info',
    ...references(place, { before, after }),
    tags: mode === 'check' ? { code: 'UPDATES_FOUND', ...tags } : tags,
  }
}

/** `"app:v1" -> "app:v2"`, `set to "v2"`, `removed, was "7"`. */
export function formatMove({ before, after }: Change): string {
  if (after === undefined) return `removed, was ${quoted(before)}`
  return before === undefined ? `set to ${quoted(after)}` : `${quoted(before)} -> ${quoted(after)}`
}

/** As JSON has it. Most texts are images and have nothing to escape, which is told sooner. */
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

/** `chose "v1.3.0" out of 6 tags of docker.io/library/app: the highest version in ">=1.2.3 <2.0.0"` */
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

const noticeResult = ({ severity, problem, place }: Notice): Result => ({
  message: escapeControls(place === undefined ? problem : `${formatPlace(place)}: ${problem}`),
  severity,
  ...references(place),
})

function summary(
  errors: readonly FunctionError[],
  changes: readonly Change[],
  policies: number,
  mode: Mode,
): string {
  if (errors.length > 0) return `summary: ${count(errors.length, 'error')}, nothing was changed`
  const annotations = changes.filter(({ field }) =>
    /^[^.]+\.annotations(?![\w$-])/.test(field),
  ).length
  const images = changes.length - annotations
  const what = `${count(images, 'image')}${annotations > 0 ? ` and ${count(annotations, 'annotation')}` : ''}`
  const by = `by ${count(policies, 'policy', 'policies')}`
  if (mode === 'check')
    return changes.length === 0
      ? `summary: everything is up to date ${by}`
      : `summary: ${what} would change ${by}`
  return changes.length === 0
    ? `summary: everything is up to date ${by}`
    : `summary: updated ${what} ${by}`
}

const count = (number: number, one: string, many = `${one}s`) =>
  `${number} ${number === 1 ? one : many}`

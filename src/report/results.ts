import type { FunctionError, Notice } from '../errors.ts'
import type { Mode } from '../krm/function-config.ts'
import { placeOf } from '../krm/resource.ts'
import { errorResult, type Result, references } from '../krm/results.ts'
import { formatPlace } from '../place.ts'
import { formatPolicyId, policyPlace } from '../policy/image-policy.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Change } from '../rewrite/change.ts'
import { formatPath } from '../targets/target.ts'
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
export function formatResults({ errors, notices, resolutions, changes }: Findings, mode: Mode): Iterable<Result> {
  const failed = errors.length > 0
  const told = failed ? [] : changes
  return {
    *[Symbol.iterator]() {
      for (const error of errors) yield { ...errorResult(error), message: escapeControls(error.message) }
      if (mode === 'check') for (const change of told) yield changeResult(change, mode)
      yield { message: summary(errors, changes, resolutions.length, mode), severity: failed ? 'error' : 'info' }
      for (const notice of notices) if (notice.severity === 'warning') yield noticeResult(notice)
      if (!failed) for (const resolution of resolutions) yield resolutionResult(resolution)
      for (const notice of notices) if (notice.severity === 'info') yield noticeResult(notice)
      if (mode === 'apply') for (const change of told) yield changeResult(change, mode)
    },
  }
}

function changeResult(change: Change, mode: Mode): Result {
  const { resource, path, before, after, policy, reason } = change
  const place = placeOf(resource, formatPath(path))
  return {
    message: escapeControls(`${formatPlace(place)}: ${formatMove(change)}`),
    severity: mode === 'check' ? 'error' : 'info',
    ...references(place, { before, after }),
    tags: { ...(mode === 'check' && { code: 'UPDATES_FOUND' }), policy: formatPolicyId(policy.id), reason },
  }
}

/** `"app:v1" -> "app:v2"`, `set to "v2"`, `removed, was "7"`. */
export function formatMove({ before, after }: Change): string {
  if (after === undefined) return `removed, was ${JSON.stringify(before)}`
  return before === undefined ? `set to ${JSON.stringify(after)}` : `${JSON.stringify(before)} -> ${JSON.stringify(after)}`
}

function resolutionResult(resolution: Resolution): Result {
  const { policy } = resolution
  return {
    message: escapeControls(`${formatPlace(policyPlace(policy))}: ${formatResolution(resolution)}`),
    severity: 'info',
    ...references(policyPlace(policy)),
  }
}

/** `chose "v1.3.0" out of 6 tags of docker.io/library/app: the highest version in ">=1.2.3 <2.0.0"` */
export function formatResolution({ policy, tag, digest, listed, passed, reason }: Resolution): string {
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

function summary(errors: readonly FunctionError[], changes: readonly Change[], policies: number, mode: Mode): string {
  if (errors.length > 0) return `summary: ${count(errors.length, 'error')}, nothing was changed`
  const images = changes.filter(({ path }) => path[1] !== 'annotations').length
  const fields = changes.length - images
  const what = `${count(images, 'image')}${fields > 0 ? ` and ${count(fields, 'annotation')}` : ''}`
  const by = `by ${count(policies, 'policy', 'policies')}`
  if (mode === 'check') return changes.length === 0 ? `summary: everything is up to date ${by}` : `summary: ${what} would change ${by}`
  return changes.length === 0 ? `summary: everything is up to date ${by}` : `summary: updated ${what} ${by}`
}

const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`

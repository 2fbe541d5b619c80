import type { Candidate, PolicyKind } from './policy-kind.ts'
import { showText } from './show-text.ts'
import { compareVersions, parseTagVersion, type Version } from './version.ts'
import { parseVersionRange } from './version-range.ts'

/**
 * `spec.policy.semver`: the greatest version within `range`; the first of equal ones (`1.0.0`, `v1.0.0`, `1.0.0+build`).
 * What is no version is passed over. Source: fluxcd/image-reflector-controller v1.2.0, internal/policy/semver.go.
 */
export const semver: PolicyKind = spec => {
  const text = spec.optionalString('range') ?? ''
  const inRange = parseVersionRange(text)
  if (typeof inRange !== 'function') {
    const error = spec.error(
      'BAD_FIELD',
      `must be a version range such as ">=1.2.0 <2.0.0", got ${showText(text)}: ${inRange.error}`,
      'range',
    )
    error.flux = `invalid policy: ${inRange.error}`
    throw error
  }

  const qualifies = ({ byRelease }: Candidate, version: Version) =>
    inRange(byRelease ? { ...version, prerelease: '' } : version)

  return {
    superlative: text === '' ? 'the highest version' : `the highest version in ${showText(text)}`,
    choose(candidates) {
      let best: { candidate: Candidate; version: Version } | undefined
      let ties: Candidate[] = []
      for (const candidate of candidates) {
        const version = parseTagVersion(candidate.value)
        if (version === undefined || !qualifies(candidate, version)) continue
        const order = best === undefined ? 1 : compareVersions(version, best.version)
        if (order > 0) {
          best = { candidate, version }
          ties = []
        } else if (order === 0) ties.push(candidate)
      }
      return best && { candidate: best.candidate, ties }
    },
    reject(candidate) {
      const version = parseTagVersion(candidate.value)
      if (version === undefined) return 'not a version'
      return qualifies(candidate, version) ? undefined : 'outside the range'
    },
  }
}

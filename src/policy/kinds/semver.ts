import type { Fields } from '../../krm/fields.ts'
import { showText } from '../show-text.ts'
import { compareVersions, parseTagVersion, parseVersion, type Version } from '../version.ts'
import { parseVersionRange, type VersionRange } from '../version-range.ts'
import type { Candidate, RuleWarning, ShowFilter, TagKind } from './policy-kind.ts'

/**
 * `policy.semver`: the greatest version within `range`; the first of equal ones (`1.0.0`, `v1.0.0`,
 * `1.0.0+build`). What is not a version is passed over. Source: fluxcd/image-reflector-controller
 * v1.2.0, internal/policy/semver.go.
 */
export const semver: TagKind<'range'> = {
  asks: 'tags',
  keys: ['range'],
  meaning: ({ range }) => ({ range: range ?? '' }),
  read(spec) {
    const { text, inRange } = readRange(spec)
    const qualifies = ({ byRelease }: Candidate, version: Version) =>
      inRange(byRelease ? { ...version, prerelease: '' } : version)

    return {
      superlative: text === '' ? 'the highest version' : `the highest version in ${showText(text)}`,
      countsBuilds: false,
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
      compare(a, b) {
        const [first, second] = [parseTagVersion(a), parseTagVersion(b)]
        return first && second && compareVersions(first, second)
      },
      comparesAllTags: true,
      reject(candidate) {
        const version = parseTagVersion(candidate.value)
        if (version === undefined) return 'not a version'
        return qualifies(candidate, version) ? undefined : 'outside the range'
      },
      warnings: () => noUpperBound(text, inRange),
      remedy: (candidates, showFilter) =>
        letPrereleasesIn(text, inRange, candidates) ??
        compareOneNumber(inRange, candidates, showFilter),
    }
  },
}

function readRange(spec: Fields): { readonly text: string; readonly inRange: VersionRange } {
  if (typeof spec.value.range === 'number') {
    throw spec.error(
      'BAD_FIELD',
      `must be a string, got the number ${spec.value.range}: put quotes around the range, as in \`range: "1.10"\`; without quotes, YAML reads 1.10 as the number 1.1`,
      'range',
    )
  }
  const text = spec.optionalString('range') ?? ''
  const inRange = parseVersionRange(text)
  if (typeof inRange === 'function') return { text, inRange }
  const error = spec.error(
    'BAD_FIELD',
    `must be a version range such as ">=1.2.0 <2.0.0", got ${showText(text)}: ${inRange.error}`,
    'range',
  )
  error.flux = `invalid policy: ${inRange.error}`
  throw error
}

const largest = 2n ** 64n - 1n
const greatest: Version = { major: largest, minor: largest, patch: largest, prerelease: '' }

function noUpperBound(text: string, inRange: VersionRange): readonly RuleWarning[] {
  if (!inRange(greatest)) return []
  const lower = /^[>=\s]+v?([0-9]+)[0-9.]*$/.exec(text.trim())?.[1]
  const example =
    lower === undefined ? '">=1.2.0 <2.0.0"' : showText(`${text.trim()} <${BigInt(lower) + 1n}.0.0`)
  return [
    {
      key: 'range',
      problem: `has no upper bound, so it takes every future major version, with its breaking changes: bound it, as in ${example}`,
    },
  ]
}

/**
 * For a range that refuses every version there is, because all are pre-releases and the range names
 * none.
 */
function letPrereleasesIn(
  text: string,
  inRange: VersionRange,
  candidates: readonly Candidate[],
): string | undefined {
  const versions = candidates.flatMap(({ value }) => parseTagVersion(value) ?? [])
  if (versions.length === 0 || versions.some(({ prerelease }) => prerelease === ''))
    return undefined
  const wider = withPrereleases(text)
  const letsIn = parseVersionRange(wider)
  if (versions.some(inRange) || typeof letsIn !== 'function' || !versions.some(letsIn))
    return undefined
  return `only pre-releases match, and ${showText(text)} excludes all of them: let them in with ${showText(wider)}`
}

/**
 * `>=1.2.0 <2.0.0` as `>=1.2.0-0 <2.0.0-0`: one comparator with a pre-release opens a group, and
 * the upper bound must stay below its own pre-releases.
 */
const withPrereleases = (range: string): string =>
  range.replace(/(?<![0-9A-Za-z.+*-])v?[0-9xX*]+(?:\.[0-9xX*]+){0,2}(?![0-9A-Za-z.+*-])/g, '$&-0')

const oneOrTwoParts = /^(v?)([0-9]+)(?:\.([0-9]+))?$/

/**
 * For tags such as `16.10`, which Flux does not read as versions: the filter with which `numerical`
 * chooses what the range means.
 */
function compareOneNumber(
  inRange: VersionRange,
  candidates: readonly Candidate[],
  showFilter: ShowFilter,
): string | undefined {
  const short = candidates.flatMap(candidate => {
    const version = parseVersion(candidate.value)
    const [, sign = '', major, minor] = oneOrTwoParts.exec(candidate.value) ?? []
    return version === undefined || major === undefined
      ? []
      : [{ candidate, version, sign, major, minor }]
  })
  type Short = (typeof short)[number]
  const later = (best: Short | undefined, one: Short) =>
    best === undefined || compareVersions(one.version, best.version) > 0 ? one : best
  const best = short
    .filter(({ version }) => inRange(version))
    .reduce<Short | undefined>(later, undefined)
  if (best === undefined) return undefined

  const { candidate, sign, major, minor } = best
  const found = `Flux reads a version only if it has three parts, and ${showText(candidate.value)} has ${minor === undefined ? 'one' : 'two'}`
  const alike = short.filter(
    other =>
      other.sign === sign &&
      (minor === undefined
        ? other.minor === undefined
        : other.major === major && other.minor !== undefined),
  )
  if (
    candidate.tag !== candidate.value ||
    alike.reduce<Short | undefined>(later, undefined) !== best
  )
    return `${found}: cut one number out of the tags and compare it with \`numerical\``
  const filter =
    minor === undefined
      ? showFilter(`^${sign}(?P<major>[0-9]+)$`, '$major')
      : showFilter(`^${sign}${major}\\.(?P<minor>[0-9]+)$`, '$minor')
  return `${found}: compare one number, with \`policy: {numerical: {order: asc}}\` and \`${filter}\``
}

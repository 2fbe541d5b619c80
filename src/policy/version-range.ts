import { goQuote } from './go-quote.ts'
import { compareVersions, parseVersion, type Version } from './version.ts'

/** Whether a version is in the range. */
export type VersionRange = (version: Version) => boolean

const space = '[\\t\\n\\f\\r ]' // Go's \s: neither vertical tab nor any space beyond ASCII
const number = '[0-9xX*|]+'
const suffix = (sign: string) => `(?:${sign}[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`
const version = `v?${number}(?:\\.${number})?(?:\\.${number})?${suffix('-')}${suffix('\\+')}`
const hyphenRange = new RegExp(`${space}*(${version})${space}+-${space}+(${version})${space}*`, 'g')
const comparator = new RegExp(
  `^(=>|>=|=<|<=|!=|~>|[=<>~^]?)${space}*(${version})(${space}*)(,${space}*)?`,
)
const parts = new RegExp(`^v?(${number})(?:\\.(${number}))?(?:\\.(${number}))?(${suffix('-')})`)
const leadingSpaces = new RegExp(`^${space}*`)

/**
 * Reads a version range as Masterminds/semver does, which differs from npm: a wildcard after an
 * operator has its own rules, and one prerelease in an AND group opens the whole group to
 * prereleases. Returns Masterminds' error text for what it refuses.
 * Source: Masterminds/semver v3.5.0, constraints.go.
 */
export function parseVersionRange(text: string): VersionRange | { readonly error: string } {
  if (Buffer.byteLength(text) > 512)
    return { error: 'constraint string is too long (max 512 bytes)' }
  const alternatives = rewriteHyphenRanges(text).split('||')
  if (alternatives.length > 32) return { error: 'too many constraint groups (max 32)' }
  const groups: VersionRange[] = []
  for (const alternative of alternatives) {
    const comparators = splitComparators(alternative)
    if (comparators === undefined) return { error: `improper constraint: ${goQuote(alternative)}` }
    const constraints = comparators.map(([operator, written]) => parseConstraint(operator, written))
    if (!constraints.every(constraint => constraint !== undefined))
      return { error: 'constraint parser error' }
    groups.push(allOf(constraints))
  }
  return candidate => groups.some(group => group(candidate))
}

/**
 * `A - B` becomes `>= A, <= B`: as text, at the first occurrence of the same text, as Masterminds
 * does it.
 */
function rewriteHyphenRanges(text: string): string {
  let rewritten = text
  for (const [whole, low, high] of text.matchAll(hyphenRange))
    rewritten = rewritten.replace(whole, () => `>= ${low}, <= ${high} `)
  return rewritten
}

/**
 * The comparators of one side of `||`, each as operator and version; undefined if the text contains
 * anything else.
 */
function splitComparators(
  text: string,
): readonly (readonly [operator: string, version: string])[] | undefined {
  const found: (readonly [string, string])[] = []
  let rest = text.replace(leadingSpaces, '')
  for (;;) {
    const match = comparator.exec(rest)
    if (match === null) return undefined
    const [whole, operator = '', written = '', after, comma] = match
    found.push([operator, written])
    rest = rest.slice(whole.length)
    if (comma === undefined && rest === '') return found
    if (comma === undefined && after === '') return undefined // as in >=1<2
  }
}

/**
 * A comparator: `base` is its version with 0 for wildcards and missing numbers; the other fields
 * tell which numbers those are.
 */
interface Constraint {
  readonly test: Operator
  readonly base: Version
  /** Not a complete version. */
  readonly dirty: boolean
  readonly minorDirty: boolean
  readonly patchDirty: boolean
}

type Operator = (version: Version, constraint: Constraint) => boolean

function parseConstraint(operator: string, written: string): Constraint | undefined {
  const [, major = '', minor, patch, prerelease = ''] = parts.exec(written) ?? []
  const majorDirty = isWildcard(major)
  const minorDirty = !majorDirty && isWildcard(minor)
  const patchDirty = !majorDirty && !minorDirty && isWildcard(patch)
  const dirty = majorDirty || minorDirty || patchDirty
  const lowest = (): string => {
    if (majorDirty) return '0.0.0'
    return minorDirty ? `${major}.0.0` : `${major}.${minor}.0`
  }
  const base = parseVersion(dirty ? lowest() + prerelease : written)
  const test = operators.get(operator)
  return base && test && { test, base, dirty, minorDirty, patchDirty }
}

const isWildcard = (number: string | undefined): boolean =>
  number === undefined || number === 'x' || number === 'X' || number === '*'

/**
 * A prerelease passes only if one of the comparators has a prerelease too; then all of them compare
 * it like any version.
 */
function allOf(constraints: readonly Constraint[]): VersionRange {
  const prereleases = constraints.some(({ base }) => base.prerelease !== '')
  return candidate =>
    (prereleases || candidate.prerelease === '') &&
    constraints.every(constraint => constraint.test(candidate, constraint))
}

const equal: Operator = (version, constraint) =>
  constraint.dirty ? tilde(version, constraint) : compareVersions(version, constraint.base) === 0

const notEqual: Operator = (version, { base, dirty, minorDirty, patchDirty }) => {
  if (!dirty) return compareVersions(version, base) !== 0
  if (version.major !== base.major) return true
  if (version.minor !== base.minor && !minorDirty) return true
  if (minorDirty) return false
  if (patchDirty) return version.prerelease !== base.prerelease
  return version.patch !== base.patch || compareVersions(version, base) !== 0
}

const greater: Operator = (version, { base, dirty, minorDirty, patchDirty }) => {
  if (!dirty) return compareVersions(version, base) > 0
  if (version.major !== base.major) return version.major > base.major
  if (minorDirty) return false // 11.1.0 is not greater than 11
  if (patchDirty) return version.minor > base.minor
  return compareVersions(version, base) > 0
}

const less: Operator = (version, { base }) => compareVersions(version, base) < 0

const greaterOrEqual: Operator = (version, { base }) => compareVersions(version, base) >= 0

const lessOrEqual: Operator = (version, { base, dirty, minorDirty }) => {
  if (!dirty) return compareVersions(version, base) <= 0
  if (version.major > base.major) return false
  return minorDirty || version.major < base.major || version.minor <= base.minor
}

const tilde: Operator = (version, { base, minorDirty, patchDirty }) => {
  if (compareVersions(version, base) < 0) return false
  // *, but also ~0.0.0: Masterminds does not tell them apart
  if (base.major === 0n && base.minor === 0n && base.patch === 0n && !minorDirty && !patchDirty)
    return true
  return version.major === base.major && (minorDirty || version.minor === base.minor)
}

const caret: Operator = (version, { base, minorDirty, patchDirty }) => {
  if (compareVersions(version, base) < 0) return false
  if (version.major !== base.major) return false
  if (base.major > 0n || minorDirty) return true
  if (version.minor !== base.minor) return false
  return base.minor > 0n || patchDirty || version.patch === base.patch // ^* is 0.0.0 alone
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ['', equal],
  ['=', equal],
  ['!=', notEqual],
  ['>', greater],
  ['<', less],
  ['>=', greaterOrEqual],
  ['=>', greaterOrEqual],
  ['<=', lessOrEqual],
  ['=<', lessOrEqual],
  ['~', tilde],
  ['~>', tilde],
  ['^', caret],
])

import type { Fields } from '../krm/fields.ts'
import type { TagFilter } from './filter-tags.ts'
import { referencesOf } from './go-template.ts'
import type { Candidate } from './policy-kind.ts'
import { showText } from './show-text.ts'
import { parseTagVersion, type Version } from './version.ts'
import { parseVersionRange } from './version-range.ts'

/** Something in a policy that Flux accepts and people rarely mean, with its fix. */
export interface LintWarning {
  /** From the policy: `policy.semver.range`. */
  readonly field: string
  readonly problem: string
}

/** A policy that was read, and the tags that it chooses among. */
export interface Linted {
  readonly spec: Fields
  readonly kind: string
  readonly filter: TagFilter | undefined
  readonly storedTags: readonly string[]
  candidates(): readonly Candidate[]
}

/** What a policy gets wrong, by itself or with these tags. */
export function lint({
  spec,
  kind,
  filter,
  storedTags,
  candidates,
}: Linted): readonly LintWarning[] {
  const problems = [
    [`policy.${kind}`, kind === 'alphabetical' ? unequalNumbers(candidates()) : undefined],
    [`policy.${kind}.range`, kind === 'semver' ? noUpperBound(rangeOf(spec)) : undefined],
    [filter?.fields.pattern, filter && withoutAnchors(filter, storedTags)],
    [filter?.fields.extract, filter && namesNoGroup(filter)],
  ] as const
  return problems.flatMap(([field, problem]) =>
    field === undefined || problem === undefined ? [] : [{ field, problem }],
  )
}

/** Why a range refuses every version there is: all are pre-releases, and it names none. */
export function onlyPrereleases(
  spec: Fields,
  candidates: readonly Candidate[],
): string | undefined {
  const versions = candidates.flatMap(({ value }) => parseTagVersion(value) ?? [])
  const text = rangeOf(spec)
  const inRange = parseVersionRange(text)
  if (
    versions.length === 0 ||
    typeof inRange !== 'function' ||
    versions.some(({ prerelease }) => prerelease === '')
  )
    return undefined
  const wider = withPrereleases(text)
  const letsIn = parseVersionRange(wider)
  if (versions.some(inRange) || typeof letsIn !== 'function' || !versions.some(letsIn))
    return undefined
  return `only pre-releases match, and ${showText(text)} excludes every one: let them in with ${showText(wider)}`
}

const rangeOf = (spec: Fields): string =>
  spec.mapping('policy').mapping('semver').optionalString('range') ?? ''

/** `>=1.2.0 <2.0.0` as `>=1.2.0-0 <2.0.0-0`: one comparator with a pre-release opens a group, and the upper bound must stay below its own. */
const withPrereleases = (range: string): string =>
  range.replace(/(?<![0-9A-Za-z.+*-])v?[0-9xX*]+(?:\.[0-9xX*]+){0,2}(?![0-9A-Za-z.+*-])/g, '$&-0')

const largest = 2n ** 64n - 1n
const greatest: Version = { major: largest, minor: largest, patch: largest, prerelease: '' }

function noUpperBound(text: string): string | undefined {
  const inRange = parseVersionRange(text)
  if (typeof inRange !== 'function' || !inRange(greatest)) return undefined
  const lower = /^[>=\s]+v?([0-9]+)[0-9.]*$/.exec(text.trim())?.[1]
  const example =
    lower === undefined ? '">=1.2.0 <2.0.0"' : showText(`${text.trim()} <${BigInt(lower) + 1n}.0.0`)
  return `has no upper bound, so it takes every major version to come, with its breaking changes: bound it, as in ${example}`
}

/** `build-9` and `build-10` differ in the length of a number alone, and `9` comes after `10`. */
function unequalNumbers(candidates: readonly Candidate[]): string | undefined {
  const shapes = new Map<string, { readonly value: string; readonly lengths: string }>()
  for (const { value } of candidates) {
    const parts = value.split(/([^0-9A-Za-z]+)/)
    const numbers = parts.filter(part => /^v?[0-9]+$/.test(part))
    const shape = parts.map(part => part.replace(/^(v?)[0-9]+$/, '$1#')).join('')
    const lengths = numbers.map(number => number.length).join()
    const other = shapes.get(shape)
    if (other === undefined) shapes.set(shape, { value, lengths })
    else if (other.lengths !== lengths) {
      return (
        `compares characters, not numbers, and ${showText(other.value)} and ${showText(value)} have numbers of different length: ` +
        'use `semver` for versions; for one number, cut it out with `extract` and use `numerical`'
      )
    }
  }
  return undefined
}

/** Something like `v[0-9]+` that was meant for whole tags. */
function withoutAnchors({ pattern }: TagFilter, storedTags: readonly string[]): string | undefined {
  if (pattern === undefined || pattern.text === '' || isAnchored(pattern.text)) return undefined
  let whole: string | undefined
  let longer: string | undefined
  for (const tag of storedTags) {
    const [start, end] = pattern.regexp.find(tag) ?? []
    if (start === undefined) continue
    if (start === 0 && end === tag.length) whole ??= tag
    else longer ??= tag
    if (whole !== undefined && longer !== undefined) {
      return `has no anchors, so it lets in ${showText(longer)} as well as ${showText(whole)}: for whole tags write ${showText(`^${alternativesGrouped(pattern.text)}$`)}`
    }
  }
  return undefined
}

/** Whether `^`, `$`, `\A`, `\z` or `\b` stands outside of classes and escapes. */
function isAnchored(pattern: string): boolean {
  const withoutEscapes = pattern.replace(/\\(.)/gs, (_, character: string) =>
    'Azb'.includes(character) ? '^' : 'x',
  )
  return /[\^$]/.test(withoutEscapes.replace(/\[\^?\]?[^\]]*\]/g, 'x'))
}

const alternativesGrouped = (pattern: string): string =>
  pattern.includes('|') ? `(?:${pattern})` : pattern

function namesNoGroup({ pattern }: TagFilter): string | undefined {
  if (pattern === undefined || pattern.extract === '') return undefined
  const { groupNames } = pattern.regexp
  const names = referencesOf(pattern.extract)
  const unknown = names.find(
    name =>
      !groupNames.includes(name) &&
      !(Number(name) < groupNames.length && /^(?:0|[1-9][0-9]*)$/.test(name)),
  )
  if (names.length > 0 && unknown === undefined) return undefined
  const known = groupNames.filter(name => name !== '').map(name => `\`$${name}\``)
  const fix =
    known.length > 0
      ? `the pattern has ${known.join(', ')}`
      : 'name a group of the pattern, `(?P<number>[0-9]+)`, and write `$number`'
  return unknown === undefined
    ? `names no group, so every value is ${showText(pattern.extract)}: ${fix}`
    : `names the group ${showText(unknown)}, which the pattern does not have, so it is empty: ${fix}`
}

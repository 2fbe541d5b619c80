import type { Fields } from '../krm/fields.ts'
import type { TagFilter } from './filter-tags.ts'
import { referencesOf } from './go-template.ts'
import type { Candidate, NamedRule, ShowFilter } from './kinds/policy-kind.ts'
import { tagKinds } from './kinds/policy-kinds.ts'
import { showText } from './show-text.ts'

/** Something in a policy that Flux accepts although people rarely mean it, with its fix. */
export interface LintWarning {
  /** From the policy: `policy.semver.range`. */
  readonly field: string
  readonly problem: string
}

/** A policy that was read, and the tags that it chooses among. */
export interface Linted {
  readonly spec: Fields
  readonly rule: NamedRule
  readonly filter: TagFilter | undefined
  readonly storedTags: readonly string[]
  candidates(): readonly Candidate[]
  readonly showFilter: ShowFilter
}

/** What a policy gets wrong, by itself or with these tags. */
export function lint({
  spec,
  rule,
  filter,
  storedTags,
  candidates,
  showFilter,
}: Linted): readonly LintWarning[] {
  const ofRule = rule.warnings(candidates, showFilter).map(({ key, problem }) => ({
    field: key === undefined ? `policy.${rule.kind}` : `policy.${rule.kind}.${key}`,
    problem,
  }))
  const others = [
    ['policy', ignoredKinds(spec, rule)],
    [filter?.fields.pattern, filter && withoutAnchors(filter, storedTags)],
    [filter?.fields.extract, unknownGroup(filter)],
  ] as const
  return [
    ...ofRule,
    ...others.flatMap(([field, problem]) =>
      field === undefined || problem === undefined ? [] : [{ field, problem }],
    ),
  ]
}

/** Several kinds in one policy, of which Flux reads the first. */
function ignoredKinds(spec: Fields, { kind }: NamedRule): string | undefined {
  const policy = spec.mapping('policy')
  const ignored = [...tagKinds().keys()].filter(key => key !== kind && policy.has(key))
  if (ignored.length === 0) return undefined
  const found = [kind, ...ignored].map(key => `\`${key}\``).join(' and ')
  return `has ${found}, of which Flux reads only \`${kind}\`: remove what you do not mean`
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
      const anchored = showText(`^${alternativesGrouped(pattern.text)}$`)
      return `has no anchors, so it lets in ${showText(longer)} as well as ${showText(whole)}: to match only whole tags, write ${anchored}`
    }
  }
  return undefined
}

/** Whether `^`, `$`, `\A`, `\z` or `\b` occurs outside of classes and escapes. */
function isAnchored(pattern: string): boolean {
  const withoutEscapes = pattern.replace(/\\(.)/gs, (_, character: string) =>
    'Azb'.includes(character) ? '^' : 'x',
  )
  return /[\^$]/.test(withoutEscapes.replace(/\[\^?\]?[^\]]*\]/g, 'x'))
}

const alternativesGrouped = (pattern: string): string =>
  pattern.includes('|') ? `(?:${pattern})` : pattern

/**
 * What is wrong with an `extract` that refers to no group of the pattern, or to one that the
 * pattern does not have.
 */
export function unknownGroup(filter: TagFilter | undefined): string | undefined {
  const pattern = filter?.pattern
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
    ? `\`extract\` refers to no group, so every value is ${showText(pattern.extract)}: ${fix}`
    : `\`extract\` refers to the group ${showText(unknown)}, which the pattern does not have, so this part is empty: ${fix}`
}

import type { Fields } from '../krm/fields.ts'
import { tagKinds } from './kinds/policy-kinds.ts'

/** What a policy that chooses among tags consists of, as it was written. */
export interface WrittenPolicy {
  /** Canonical. */
  readonly repository: string
  readonly exclusionList: readonly string[]
  /** The mapping `policy`. */
  readonly policy: unknown
  readonly filter: FilterMeaning | undefined
  readonly digestReflectionPolicy: string
}

/** What a filter asks for: equal values for equal meanings. */
export interface FilterMeaning {
  /** Undefined if there is no pattern. */
  readonly pattern: unknown
  readonly extract: unknown
  readonly identifier: string
  readonly allow: readonly unknown[]
  readonly ignore: readonly unknown[]
}

/**
 * What a policy asks for as one text, which is equal for equal meanings: neither the spelling in
 * YAML, nor defaults written out, nor the form and the name of the policy change it.
 */
export function tagsMeaning({
  repository,
  exclusionList,
  policy,
  filter,
  digestReflectionPolicy,
}: WrittenPolicy): string {
  return meaningOf({
    repository,
    digestReflectionPolicy,
    rule: ruleMeaning(policy),
    exclusionList: sortedSet(exclusionList.length === 0 ? defaultExclusionList : exclusionList),
    filter: filter && {
      ...filter,
      allow: sortedSet(filter.allow),
      ignore: sortedSet(filter.ignore),
    },
  })
}

/** What `filterTags` of the `spec` of an ImagePolicy asks for; undefined if it is absent. */
export function filterTagsMeaning(spec: Fields): FilterMeaning | undefined {
  const filter = spec.optionalMapping('filterTags')?.value
  return (
    filter && {
      pattern: filter.pattern ?? '',
      extract: filter.extract ?? '',
      identifier: '',
      allow: [],
      ignore: [],
    }
  )
}

/**
 * What the rules for tags of an inline policy ask for; undefined if there are none. `block` is the
 * mapping that names the image.
 */
export function inlineFilterMeaning(block: Fields, identifier: string): FilterMeaning | undefined {
  const rules = block.optionalMapping('policy')
  const tags = rules?.optionalMapping('tags')
  const listed = (key: string) =>
    [rules?.value[key], tags?.value[key]].flatMap(list => (Array.isArray(list) ? list : []))
  const allow = listed('allowTags')
  const ignore = listed('ignoreTags')
  const pattern = tags?.value.regex ?? undefined
  if (identifier === '' && pattern === undefined && allow.length === 0 && ignore.length === 0)
    return undefined
  return { pattern, extract: tags?.value.extract ?? '', identifier, allow, ignore }
}

/** What is excluded if an `exclusionList` is absent or empty: the signatures of cosign. */
export const defaultExclusionList: readonly string[] = ['^.*\\.sig$']

/** The value as JSON with sorted keys. */
export const meaningOf = (asked: unknown): string => JSON.stringify(withSortedKeys(asked))

/** The kind that Flux reads, with its mapping. */
function ruleMeaning(policy: unknown): unknown {
  if (!isMapping(policy)) return policy
  for (const [key, kind] of tagKinds()) {
    const spec = policy[key]
    if (isMapping(spec)) return [key, kind.meaning(spec)]
  }
  return policy
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (!isMapping(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, withSortedKeys(inner)]))
}

const sortedSet = (values: readonly unknown[]): readonly unknown[] => [...new Set(values)].sort()

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

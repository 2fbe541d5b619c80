import type { Fields } from '../krm/fields.ts'
import { chooserOf, type TagChooser } from './choose-tag.ts'
import { readInlineFilter, showInlineFilter } from './inline-filter.ts'
import type { TagKind } from './kinds/policy-kind.ts'

/** What an inline policy that chooses among tags consists of. */
export interface InlineShape {
  /** The key of its rule under `policy`. */
  readonly key: string
  readonly kind: TagKind
  /** The key of the mapping that names the image, such as `aws`. */
  readonly provider: string
  /** The prefix that every candidate has, and that is removed before values are compared. */
  readonly identifier: string
}

/** Reads the rule and the filter of an inline policy that `entry` holds. Throws BAD_FIELD. */
export function readInlineChooser(
  entry: Fields,
  { key, kind, provider, identifier }: InlineShape,
): TagChooser {
  const rule = { kind: key, ...kind.read(entry.mapping('policy').mapping(key)) }
  const filter = readInlineFilter(entry.mapping(provider), provider, identifier)
  return chooserOf(entry, rule, filter, showInlineFilter)
}

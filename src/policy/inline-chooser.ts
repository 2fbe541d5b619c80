import type { Fields } from '../krm/fields.ts'
import { chooserOf, type TagChooser } from './choose-tag.ts'
import type { InlineShape } from './inline.ts'
import { readInlineFilter } from './inline-filter.ts'
import { policyKinds } from './policy-kinds.ts'

/** Reads the rule and the filter of an inline policy that `entry` holds. Throws BAD_FIELD. */
export function readInlineChooser(
  entry: Fields,
  { kind, provider, identifier }: InlineShape,
): TagChooser {
  const read = policyKinds.get(kind)
  if (read === undefined) throw new TypeError(`${kind} is no kind of rule`)
  const rule = { kind, ...read(entry.mapping('policy').mapping(kind)) }
  return chooserOf(entry, rule, readInlineFilter(entry.mapping(provider), provider, identifier))
}

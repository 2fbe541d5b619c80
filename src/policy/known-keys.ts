import type { Fields } from '../krm/fields.ts'
import { nearest } from '../krm/nearest.ts'

/**
 * Throws BAD_FIELD for a key that is not one of `known`: a misspelt rule would otherwise have no
 * effect.
 */
export function onlyKeys(fields: Fields, known: readonly string[]): void {
  const unknown = fields.keys().find(key => !known.includes(key))
  if (unknown === undefined) return
  const list = known.map(key => `\`${key}\``).join(', ')
  throw fields.error(
    'BAD_FIELD',
    `must be one of the known keys, got \`${unknown}\`; did you mean \`${nearest(unknown, known)}\`? (known: ${list})`,
    unknown,
  )
}

/** The one of `keys` that is there. Throws BAD_FIELD if none or several are. */
export function exactlyOne<Key extends string>(fields: Fields, keys: readonly Key[]): Key {
  const [found, ...others] = keys.filter(key => fields.has(key))
  if (found !== undefined && others.length === 0) return found
  const got =
    found === undefined ? 'none' : [found, ...others].map(key => `\`${key}\``).join(' and ')
  throw fields.error(
    'BAD_FIELD',
    `must have exactly one of ${keys.map(key => `\`${key}\``).join(', ')}; got ${got}`,
  )
}

import type { Fields } from '../krm/fields.ts'
import { nearest } from '../krm/nearest.ts'

/** Throws BAD_FIELD for a key that is not one of `known`: a slip of the pen would otherwise be a rule that nobody obeys. */
export function onlyKeys(fields: Fields, known: readonly string[]): void {
  for (const key of fields.keys()) {
    if (known.includes(key)) continue
    const list = known.map(name => `\`${name}\``).join(', ')
    throw fields.error(
      'BAD_FIELD',
      `must be one of the known keys; did you mean \`${nearest(key, known)}\`? (known: ${list})`,
      key,
    )
  }
}

/** The one of `keys` that is there. Throws BAD_FIELD where none or several are. */
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

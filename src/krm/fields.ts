import { type ErrorCode, FunctionError } from '../errors.ts'
import type { ResourceId } from '../place.ts'

/**
 * Typed reads of one mapping. Every failed read throws BAD_FIELD with the resource and the full
 * field path.
 */
export interface Fields {
  /** The mapping itself, for values without a reader here. */
  readonly value: Readonly<Record<string, unknown>>
  has(key: string): boolean
  keys(): readonly string[]
  /** A string with at least one character. */
  string(key: string): string
  /** A string, which may be empty; undefined if the key is absent or null. */
  optionalString(key: string): string | undefined
  boolean(key: string, fallback: boolean): boolean
  oneOf<T extends string>(key: string, allowed: readonly T[], fallback: T): T
  mapping(key: string): Fields
  optionalMapping(key: string): Fields | undefined
  /** The mappings of a sequence; none if the key is absent. */
  mappings(key: string): readonly Fields[]
  /** The strings of a sequence; none if the key is absent. */
  strings(key: string): readonly string[]
  error(code: ErrorCode, problem: string, key?: string): FunctionError
}

/**
 * Reads `mapping`, which is at `path` (such as `spec.policy`; empty for the root) of `resource`, if
 * there is one.
 */
export function fieldsOf(
  resource: ResourceId | undefined,
  mapping: Readonly<Record<string, unknown>>,
  path: string,
): Fields {
  const pathOf = (key?: string) => [path, key].filter(Boolean).join('.')
  const error: Fields['error'] = (code, problem, key) =>
    new FunctionError(code, problem, { ...(resource && { resource }), field: pathOf(key) })
  const bad = (key: string, must: string, found = mapping[key]) =>
    error('BAD_FIELD', `must be ${must}, got ${show(found)}`, key)
  const absent = (key: string) => mapping[key] === undefined || mapping[key] === null
  const sequence = (key: string, of: string): readonly unknown[] => {
    const value = absent(key) ? [] : mapping[key]
    if (!Array.isArray(value)) throw bad(key, `a sequence of ${of}`)
    return value
  }

  return {
    value: mapping,
    error,
    has: key => !absent(key),
    keys: () => Object.keys(mapping),
    string(key) {
      const value = mapping[key]
      if (typeof value !== 'string' || value === '') throw bad(key, 'a non-empty string')
      return value
    },
    optionalString(key) {
      const value = mapping[key]
      if (absent(key)) return undefined
      if (typeof value !== 'string') throw bad(key, 'a string')
      return value
    },
    boolean(key, fallback) {
      const value = absent(key) ? fallback : mapping[key]
      if (typeof value !== 'boolean') throw bad(key, 'true or false')
      return value
    },
    oneOf(key, allowed, fallback) {
      const value = absent(key) ? fallback : mapping[key]
      const match = allowed.find(option => option === value)
      if (match === undefined) throw bad(key, `one of ${allowed.map(show).join(', ')}`)
      return match
    },
    mapping(key) {
      const value = mapping[key]
      if (!isMapping(value)) throw bad(key, 'a mapping')
      return fieldsOf(resource, value, pathOf(key))
    },
    optionalMapping(key) {
      return absent(key) ? undefined : this.mapping(key)
    },
    mappings(key) {
      return sequence(key, 'mappings').map((value, index) => {
        if (!isMapping(value)) throw bad(`${key}[${index}]`, 'a mapping', value)
        return fieldsOf(resource, value, pathOf(`${key}[${index}]`))
      })
    },
    strings(key) {
      return sequence(key, 'strings').map((value, index) => {
        if (typeof value !== 'string') throw bad(`${key}[${index}]`, 'a string', value)
        return value
      })
    },
  }
}

const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value))

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

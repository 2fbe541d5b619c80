import type { FunctionError } from '../../errors.ts'

/**
 * Typed reads of a JSON object that may hold secrets: a failed read throws `error(problem)`, and
 * the problem never holds a value.
 */
export interface JsonFields {
  /** A string with at least one character. */
  text(key: string): string
  optionalText(key: string): string | undefined
  /** An object, or the first of a list of objects. */
  fields(key: string): JsonFields
  optionalFields(key: string): JsonFields | undefined
  keys(): readonly string[]
  error(problem: string): FunctionError
}

/** Parses `text` as a JSON object; throws `error(problem)` if it is not one. */
export function readJson(text: string, error: JsonFields['error']): JsonFields {
  return fieldsOf(parseJsonObject(text, error), '', error)
}

/**
 * The object in `text`. The engine's message is dropped, because it quotes the text with its
 * secrets.
 */
export function parseJsonObject(
  text: string,
  error: JsonFields['error'],
): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw error('must be valid JSON')
  }
  if (!isJsonObject(value)) throw error('must be a JSON object')
  return value
}

export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldsOf(
  object: Readonly<Record<string, unknown>>,
  prefix: string,
  error: JsonFields['error'],
): JsonFields {
  const optionalText: JsonFields['optionalText'] = key => {
    const text = object[key]
    return typeof text === 'string' && text !== '' ? text : undefined
  }
  const optionalFields: JsonFields['optionalFields'] = key => {
    const value = object[key]
    const inner: unknown = Array.isArray(value) ? value[0] : value
    return isJsonObject(inner) ? fieldsOf(inner, `${prefix}${key}.`, error) : undefined
  }
  return {
    error,
    optionalText,
    optionalFields,
    keys: () => Object.keys(object),
    text(key) {
      const text = optionalText(key)
      if (text === undefined) throw error(`\`${prefix}${key}\` must be a non-empty string`)
      return text
    },
    fields(key) {
      const inner = optionalFields(key)
      if (inner === undefined) throw error(`\`${prefix}${key}\` must be an object`)
      return inner
    },
  }
}

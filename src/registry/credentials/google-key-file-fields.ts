import { FunctionError } from '../../errors.ts'

/** Typed reads of one of Google's key files. Every failed read throws REGISTRY_DENIED with the file's path and the key, never with a value. */
export interface KeyFile {
  /** A string with at least one character. */
  text(key: string): string
  optionalText(key: string): string | undefined
  /** An object. */
  fields(key: string): KeyFile
  optionalFields(key: string): KeyFile | undefined
  keys(): readonly string[]
  error(problem: string): FunctionError
}

/** Reads a key file as Google writes them: a JSON object. */
export function parseKeyFile(text: string, path: string): KeyFile {
  const error = (problem: string) => new FunctionError('REGISTRY_DENIED', `${path}: ${problem}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // the engine's own message quotes the text, and so the key in it
    throw error('must be valid JSON')
  }
  if (!isObject(value)) throw error('must be a JSON object')
  return keyFileOf(value, '', error)
}

function keyFileOf(object: Readonly<Record<string, unknown>>, prefix: string, error: KeyFile['error']): KeyFile {
  const optionalText: KeyFile['optionalText'] = key => {
    const text = object[key]
    return typeof text === 'string' && text !== '' ? text : undefined
  }
  const optionalFields: KeyFile['optionalFields'] = key => {
    const inner = object[key]
    return isObject(inner) ? keyFileOf(inner, `${prefix}${key}.`, error) : undefined
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

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

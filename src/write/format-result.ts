import type { Result } from '../krm/result.ts'
import { formatScalar } from '../yaml/edit/format-scalar.ts'

/**
 * Formats results as elements of a block sequence that is not indented. Each of their lines begins
 * with `\n`, which occurs nowhere else.
 */
export function resultFormatter(): (result: Result) => string {
  const known = new Map<string, string>()
  /**
   * For texts that many results share: looking one up is faster than deciding whether it needs
   * quotes.
   */
  const common = (text: string): string => {
    let scalar = known.get(text)
    if (scalar === undefined) {
      scalar = plain(text)
      if (known.size < 1000) known.set(text, scalar)
    }
    return scalar
  }
  return ({ message, severity, resourceRef, field, file, tags }) => {
    let text = `\n- message: ${plain(message)}\n  severity: ${severity}`
    if (resourceRef !== undefined) {
      const { apiVersion, kind, namespace, name } = resourceRef
      text += `\n  resourceRef:\n    apiVersion: ${common(apiVersion)}\n    kind: ${common(kind)}`
      if (namespace !== undefined) text += `\n    namespace: ${common(namespace)}`
      text += `\n    name: ${plain(name)}`
    }
    if (field !== undefined) {
      const { path, currentValue, proposedValue } = field
      text += `\n  field:\n    path: ${common(path)}`
      if (currentValue !== undefined) text += `\n    currentValue: ${common(currentValue)}`
      if (proposedValue !== undefined) text += `\n    proposedValue: ${common(proposedValue)}`
    }
    if (file !== undefined) {
      text += `\n  file:\n    path: ${plain(file.path)}`
      if (file.index !== undefined) text += `\n    index: ${file.index}`
    }
    if (tags !== undefined) {
      text += '\n  tags:'
      for (const key in tags) text += `\n    ${common(key)}: ${common(tags[key] as string)}`
    }
    return text
  }
}

const plain = (text: string) => formatScalar(text, 'plain')

import { formatScalar } from './scalar.ts'

/**
 * `key:` and its value as lines of block YAML, each with its line break: what JSON can say, keys whose value is undefined left out.
 * `indent` spaces stand before the key, `dashIndent` more before the dashes of a sequence.
 */
export function formatBlock(key: string, value: unknown, indent: number, dashIndent: number, lineBreak: string): string {
  const entryLines = (key: string, value: unknown): string[] => {
    const name = formatScalar(key, 'plain')
    const inline = inlineValue(value)
    if (inline !== undefined) return [`${name}: ${inline}`]
    const margin = Array.isArray(value) ? ' '.repeat(dashIndent) : '  '
    return [`${name}:`, ...blockOf(value as object).map(line => margin + line)]
  }
  const blockOf = (value: object): string[] =>
    Array.isArray(value)
      ? value.flatMap(item => {
          const inline = inlineValue(item)
          return (inline === undefined ? blockOf(item) : [inline]).map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`))
        })
      : Object.entries(value).flatMap(([key, value]) => (value === undefined ? [] : entryLines(key, value)))

  return entryLines(key, value)
    .map(line => ' '.repeat(indent) + line + lineBreak)
    .join('')
}

/** What stands on the key's own line; undefined for a collection that has something in it. */
function inlineValue(value: unknown): string | undefined {
  if (typeof value === 'string') return formatScalar(value, 'plain')
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return Object.values(value).every(inner => inner === undefined) ? '{}' : undefined
}

import { formatScalar } from './scalar.ts'

/**
 * `key:` and its elements as lines of block YAML, a piece of text for each element: what JSON can say, keys whose value is undefined
 * left out. `indent` spaces stand before the key, `dashIndent` more before the dashes.
 */
export function* formatSequence(
  key: string,
  items: Iterable<object>,
  indent: number,
  dashIndent: number,
  lineBreak: string,
): Generator<string> {
  const scalar = rememberedScalars()
  const margin = ' '.repeat(indent + dashIndent)
  yield `${' '.repeat(indent)}${scalar(key)}:${lineBreak}`
  for (const item of items) yield element(item, margin, lineBreak, scalar)
}

type FormatText = (text: string) => string

/** A dash and the value; the lines after the first begin with `margin` and two spaces. */
function element(value: unknown, margin: string, lineBreak: string, scalar: FormatText): string {
  const inline = inlineValue(value, scalar)
  if (inline !== undefined) return `${margin}- ${inline}${lineBreak}`
  const inner = `${margin}  `
  if (!Array.isArray(value)) return `${margin}- ${block(value as object, inner, lineBreak, scalar)}`
  const elements = value.map(item => element(item, inner, lineBreak, scalar)).join('')
  return `${margin}- ${elements.slice(inner.length)}`
}

/** The lines of a collection; `margin` stands before each but the first. */
function block(value: object, margin: string, lineBreak: string, scalar: FormatText): string {
  let text = ''
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key]
    if (inner === undefined) continue
    if (text !== '') text += margin
    const inline = inlineValue(inner, scalar)
    if (inline !== undefined) text += `${scalar(key)}: ${inline}${lineBreak}`
    else if (Array.isArray(inner))
      text += `${scalar(key)}:${lineBreak}${inner.map(item => element(item, `${margin}  `, lineBreak, scalar)).join('')}`
    else text += `${scalar(key)}:${lineBreak}${margin}  ${block(inner as object, `${margin}  `, lineBreak, scalar)}`
  }
  return text
}

/** What stands on the key's own line; undefined for a collection that has something in it. */
function inlineValue(value: unknown, scalar: FormatText): string | undefined {
  if (typeof value === 'string') return scalar(value)
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  for (const key in value) if ((value as Record<string, unknown>)[key] !== undefined) return undefined
  return '{}'
}

/** Results repeat their keys, kinds and policies: looking one up costs a tenth of deciding whether it needs quotes. Messages they don't. */
function rememberedScalars(): FormatText {
  const known = new Map<string, string>()
  return text => {
    if (text.length >= 64) return formatScalar(text, 'plain')
    const remembered = known.get(text)
    if (remembered !== undefined) return remembered
    const formatted = formatScalar(text, 'plain')
    if (known.size < 1000) known.set(text, formatted)
    return formatted
  }
}

import type { ScalarStyle } from './node.ts'

/**
 * The value of a scalar in the YAML 1.2 core schema (yaml.org/spec/1.2.2, 10.3.2). With a tag of
 * another schema it is text.
 */
export function coreValue(text: string, style: ScalarStyle, tag: string | undefined): unknown {
  if (tag === undefined ? style !== 'plain' : !resolvable.has(tag)) return text
  if (/^(?:null|Null|NULL|~|)$/.test(text)) return null
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  if (/^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(text)) return Number(text)
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number(text)
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN
  return text
}

const resolvable = new Set(['!!null', '!!bool', '!!int', '!!float'])

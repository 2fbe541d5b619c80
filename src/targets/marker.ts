import type { ImagePart } from './target.ts'

/**
 * What an `$imagepolicy` comment names: `<namespace>:<name>`, and which part of the image the field
 * holds.
 */
export interface Marker {
  readonly policy: string
  readonly part: ImagePart
}

/** What every marker in its short form holds. */
export const markerMention = '$imagepolicy'

/** What every marker in its long form holds. */
export const longFormMention = 'k8s.cli.setters'

const longForm = `#/definitions/io.${longFormMention}.`
const parts: ReadonlySet<string> = new Set<ImagePart>(['tag', 'name', 'digest'])

/**
 * Reads a comment as Flux does: without its leading `#`, one JSON object whose values are strings
 * or null, with the key `$imagepolicy`; or a long `$ref`. Undefined if the comment is not a marker.
 * Source: kubernetes-sigs/kustomize, kyaml/fieldmeta, and fluxcd/image-automation-controller,
 * internal/update, d36e2ea.
 */
export function parseMarker(comment: string): Marker | undefined {
  const name = setterName(comment.replace(/^#+/, ''))
  return name === undefined ? undefined : markerOf(name)
}

function markerOf(setter: string): Marker | undefined {
  const [namespace = '', name = '', part, ...rest] = setter.split(':')
  if (name === '' || rest.length > 0) return undefined
  const policy = `${namespace}:${name}`
  if (part === undefined) return { policy, part: 'image' }
  return parts.has(part) ? { policy, part: part as ImagePart } : undefined
}

function setterName(json: string): string | undefined {
  if (!/^\s*\{/.test(json)) return undefined // most comments are prose, and a failed parse is slow
  const object = parseObject(json)
  if (object === undefined) return undefined
  const { $imagepolicy: name, $ref: reference } = object
  if (hasOnlyTexts(object) && typeof name === 'string' && name !== '') return decoded(name)
  const isLong = typeof reference === 'string' && reference.startsWith(longForm)
  return isLong ? decoded(reference.slice(longForm.length)) : undefined
}

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const hasOnlyTexts = (object: object) =>
  Object.values(object).every(value => typeof value === 'string' || value === null)

/**
 * Flux makes a reference of the name, so `%3A` is a colon, and a broken escape makes it not a
 * marker.
 */
function decoded(name: string): string | undefined {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined
  }
}

/**
 * Why a comment that mentions `$imagepolicy` is not a marker, in words; undefined if it is one, or
 * is only prose about markers.
 */
export function markerProblem(comment: string): string | undefined {
  const json = comment.replace(/^#+/, '').trim()
  if (!/\$imagepolicy["']?\s*:/.test(json)) return undefined
  if (parseMarker(comment) !== undefined) return undefined
  if (/\{\s*'|'\$imagepolicy'/.test(json)) return 'a marker must be JSON: use double quotes'
  if (/^#/.test(json)) return 'a marker must begin right after `#`'
  if (!json.startsWith('{')) return 'a marker must be a JSON object, without text before it'
  const object = parseObject(json)
  if (object !== undefined) return objectProblem(object)
  const end = json.lastIndexOf('}')
  const hasText = end !== -1 && end < json.length - 1
  if (hasText && parseObject(json.slice(0, end + 1)) !== undefined)
    return 'a marker must not have text after it'
  return 'a marker must be one JSON object, and this is not valid JSON'
}

function objectProblem(object: Readonly<Record<string, unknown>>): string {
  if (!hasOnlyTexts(object)) return 'all values of a marker must be strings'
  const name = String(object.$imagepolicy ?? '')
  const [, , part] = name.split(':')
  if (part !== undefined && !parts.has(part) && name.split(':').length === 3)
    return `the part after the name of the policy must be tag, name or digest, got "${part}"`
  return `a marker must name a policy as "<namespace>:<name>", got "${name}"`
}

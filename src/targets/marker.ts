import type { ImagePart } from './target.ts'

/** What an `$imagepolicy` comment says: `<namespace>:<name>` and which part of the image the field holds. */
export interface Marker {
  readonly policy: string
  readonly part: ImagePart
}

const longForm = '#/definitions/io.k8s.cli.setters.'
const parts = new Set<string>(['tag', 'name', 'digest'])

/**
 * The marker that a comment is, as Flux reads it: without its leading `#`, one JSON object whose values are strings or null, with the key
 * `$imagepolicy`; or a long `$ref`.
 * Source: kubernetes-sigs/kustomize, kyaml/fieldmeta, and fluxcd/image-automation-controller, internal/update, d36e2ea.
 */
export function parseMarker(comment: string): Marker | undefined {
  const setter = setterName(comment.replace(/^#+/, ''))
  if (setter === undefined) return undefined
  const [namespace = '', name = '', part, ...rest] = setter.split(':')
  if (name === '' || rest.length > 0) return undefined
  if (part === undefined) return { policy: `${namespace}:${name}`, part: 'image' }
  return parts.has(part) ? { policy: `${namespace}:${name}`, part: part as ImagePart } : undefined
}

function setterName(json: string): string | undefined {
  if (!/^\s*\{/.test(json)) return undefined // most comments are prose, and a failed parse is slow
  let object: unknown
  try {
    object = JSON.parse(json)
  } catch {
    return undefined
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
  const { $imagepolicy: name, $ref: reference } = object as Record<string, unknown>
  const isShort = Object.values(object).every(value => typeof value === 'string' || value === null)
  if (isShort && typeof name === 'string' && name !== '') return decoded(name)
  return typeof reference === 'string' && reference.startsWith(longForm)
    ? decoded(reference.slice(longForm.length))
    : undefined
}

/** Flux makes a reference of the name, so `%3A` is a colon, and a broken escape makes it no marker. */
function decoded(name: string): string | undefined {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined
  }
}

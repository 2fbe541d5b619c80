import { nearest } from '../krm/nearest.ts'
import { fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { any, fluxFields, type KnownFields } from './flux-fields.ts'

/**
 * Warns of each field of an object of Flux that its API version does not have: usually misspelt,
 * and without effect.
 */
export function warnOfUnknownFields(resource: Resource, problems: Problems): void {
  const { kind, apiVersion } = resource.id
  const versions = fluxFields.get(kind)
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  const newest = versions?.get('v1')
  const known = versions?.get(version) ?? newest
  if (known === undefined || newest === undefined) return
  const spec = fieldOf(resource, 'spec')
  const unknownToAll = new Set(unknownFields(spec, newest, 'spec').map(pathOf))
  for (const field of unknownFields(spec, known, 'spec')) {
    const place = placeOf(resource, pathOf(field))
    if (unknownToAll.has(pathOf(field))) {
      problems.warn(
        `is not a field of ${kind}, so it has no effect: did you mean \`${nearest(field.key, field.known)}\`?`,
        place,
      )
    } else {
      problems.warn(
        `is not a field of ${kind} in ${version}, so a cluster drops it: set \`apiVersion: ${apiVersion.replace(version, 'v1')}\``,
        place,
      )
    }
  }
}

interface UnknownField {
  readonly path: string
  readonly key: string
  /** The fields that the mapping can have. */
  readonly known: readonly string[]
}

const pathOf = ({ path, key }: UnknownField): string => `${path}.${key}`

function unknownFields(value: unknown, known: KnownFields, path: string): readonly UnknownField[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => unknownFields(item, known, `${path}[${index}]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!Object.hasOwn(known, key)) return [{ path, key, known: Object.keys(known) }]
    const below = known[key]
    return below === undefined || below === any ? [] : unknownFields(inner, below, `${path}.${key}`)
  })
}

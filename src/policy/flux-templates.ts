import { FunctionError } from '../errors.ts'
import { fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { isTemplate } from '../yaml/parse/broken-input.ts'

/**
 * Reports a Flux object that is a template though it happens to be YAML: `image: {{ .Values.image
 * }}` is a mapping in a mapping. A warning if it is only read: a folder of `--policies` may hold a
 * chart.
 */
export function reportTemplate(resource: Resource, problems: Problems): boolean {
  const field = ['metadata', 'spec'].find(key => holdsAction(fieldOf(resource, key), 0))
  if (field === undefined) return false
  const place = placeOf(resource, field)
  if (resource.document.writable) problems.fail(new FunctionError('BAD_INPUT', isTemplate, place))
  else problems.warn(isTemplate, place)
  return true
}

/** Fields of Flux objects are not deeper. */
const deepest = 20

/** Whether a value is, or holds, what `{{ … }}` is in YAML. */
function holdsAction(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > deepest) return false
  const [key = '', ...others] = Object.keys(value)
  return (
    (others.length === 0 && key.startsWith('{') && key.endsWith('}')) ||
    Object.values(value).some(inner => holdsAction(inner, depth + 1))
  )
}

import type { Fields } from '../../krm/fields.ts'
import { showText } from '../show-text.ts'

/**
 * `ASC`, the default, or `DESC`: the `order` of an alphabetical or numerical policy, in upper or
 * lower case. Throws BAD_FIELD.
 * Source: fluxcd/image-reflector-controller v1.2.0, internal/policy/factory.go.
 */
export function readOrder(spec: Fields): 'ASC' | 'DESC' {
  const written = spec.optionalString('order') ?? ''
  const order = goUpperCase(written)
  if (order === '') return 'ASC'
  if (order === 'ASC' || order === 'DESC') return order
  const error = spec.error(
    'BAD_FIELD',
    `must be "asc" or "desc", got ${showText(written)}`,
    'order',
  )
  error.flux = `invalid policy: invalid order argument provided: '${order}', must be one of: ASC, DESC`
  throw error
}

/** The mapping of such a policy with its default filled in. */
export function orderMeaning({ order }: Readonly<Record<string, unknown>>): unknown {
  if (order === undefined || order === null || order === '') return { order: 'ASC' }
  return { order: typeof order === 'string' ? goUpperCase(order) : order }
}

/**
 * Go's `strings.ToUpper` maps each code point to one (`ſ` to `S`). If JavaScript needs several (`ß`
 * to `SS`), Go keeps the original.
 */
const goUpperCase = (text: string): string =>
  Array.from(text, character => {
    const upper = character.toUpperCase()
    return [...upper].length === 1 ? upper : character
  }).join('')

import type { FunctionError } from '../errors.ts'
import type { Place } from '../place.ts'

/** One entry of `results` of a ResourceList. Source: KRM Functions Specification, v1. */
export interface Result {
  readonly message: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly resourceRef?: {
    readonly apiVersion: string
    readonly kind: string
    readonly namespace?: string
    readonly name: string
  }
  readonly field?: {
    readonly path: string
    readonly currentValue?: string
    readonly proposedValue?: string
  }
  readonly file?: { readonly path: string; readonly index?: number }
  readonly tags?: Readonly<Record<string, string>>
}

/** The result of an error: its message with its place, and its code as a tag. */
export const errorResult = (error: FunctionError): Result => ({
  message: error.message,
  severity: 'error',
  ...references(error.place),
  tags: { code: error.code, ...(error.flux !== undefined && { flux: error.flux }) },
})

/**
 * `resourceRef`, `field` and `file` of a place. The specification allows a field only beside a
 * resource.
 */
export function references(
  place: Place | undefined,
  values?: { readonly before?: string | undefined; readonly after?: string | undefined },
): Partial<Result> {
  const { resource, field } = place ?? {}
  if (resource === undefined) return place?.file === undefined ? {} : { file: { path: place.file } }
  const { apiVersion, kind, namespace, name, file, index } = resource
  return {
    resourceRef:
      namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name },
    ...(field !== undefined &&
      field !== '' && {
        field: {
          path: field,
          ...(values?.before !== undefined && { currentValue: values.before }),
          ...(values?.after !== undefined && { proposedValue: values.after }),
        },
      }),
    ...(file !== undefined && {
      file: index === undefined ? { path: file } : { path: file, index },
    }),
  }
}

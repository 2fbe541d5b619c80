/**
 * Names one resource. `file` and `index` come from the host's path annotations, or from the file
 * read; absent without them.
 */
export interface ResourceId {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly file?: string
  readonly index?: number
}

/**
 * Where a problem is: a resource and the path of a field in it, or a position in a file or in the
 * input.
 */
export interface Place {
  readonly resource?: ResourceId
  readonly field?: string
  /** A file, or `stdin`; shown only if no resource names it. */
  readonly file?: string
  /** Counted from 1. */
  readonly line?: number
  /** Counted from 1, in characters. */
  readonly column?: number
}

/** `ImagePolicy apps/web (deploy/policy.yaml#1)` */
export function formatResourceId({ kind, namespace, name, file, index }: ResourceId): string {
  const fullName = namespace ? `${namespace}/${name}` : name
  const source = file ? ` (${index ? `${file}#${index}` : file})` : ''
  return `${kind}${fullName === '' ? '' : ` ${fullName}`}${source}`
}

/**
 * `ImagePolicy apps/web (deploy/policy.yaml#1) spec.policy.numerical.order`, or
 * `deploy/policy.yaml:3:7`
 */
export function formatPlace({ resource, field = '', file, line, column }: Place): string {
  const id = resource === undefined ? '' : formatResourceId(resource)
  const position =
    file === undefined && line === undefined
      ? ''
      : [file, line, column].filter(part => part !== undefined).join(':')
  return spaced(spaced(id, field), position)
}

const spaced = (first: string, second: string) =>
  first + (first === '' || second === '' ? '' : ' ') + second

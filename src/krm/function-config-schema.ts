import * as v from 'valibot'
import { nearest } from './nearest.ts'

/**
 * `spec` of a functionConfig: one schema for the types, the validation and the published JSON
 * Schema.
 */
export const functionConfigSpec = v.strictObject({
  mode: v.exactOptional(
    v.pipe(
      v.picklist(['apply', 'check']),
      v.description(
        'apply changes the items; check leaves them and reports each change as an error',
      ),
    ),
  ),
  policies: v.exactOptional(
    v.pipe(
      v.array(v.record(v.string(), v.unknown())),
      v.description('policies written here, in the inline form or as in a Flux ImagePolicy'),
    ),
  ),
  usePolicies: v.exactOptional(
    v.pipe(
      v.array(v.string()),
      v.description(
        'globs on <namespace>/<name>: the policies that take part; * is anything but /, and a lone * or ** anything',
      ),
    ),
  ),
  targets: v.exactOptional(
    v.strictObject({
      containers: v.exactOptional(
        v.pipe(v.boolean(), v.description('images of containers, matched by repository')),
      ),
      markers: v.exactOptional(
        v.pipe(v.boolean(), v.description('fields marked by an $imagepolicy comment')),
      ),
      kustomizeImages: v.exactOptional(
        v.pipe(v.boolean(), v.description('entries of images in a kustomization')),
      ),
      values: v.exactOptional(
        v.pipe(
          v.boolean(),
          v.description('Helm values of a HelmRelease or an Argo CD Application'),
        ),
      ),
      valuesFiles: v.exactOptional(
        v.pipe(v.boolean(), v.description('Helm values in documents that are not KRM objects')),
      ),
      knownFields: v.exactOptional(
        v.pipe(v.boolean(), v.description('image fields of well-known custom resources')),
      ),
      fields: v.exactOptional(
        v.pipe(
          v.array(
            v.strictObject({
              group: v.exactOptional(v.string()),
              kind: v.string(),
              name: v.exactOptional(v.string()),
              namespace: v.exactOptional(v.string()),
              labels: v.exactOptional(v.record(v.string(), v.string())),
              path: v.pipe(
                v.string(),
                v.description(
                  'such as spec.values.image.tag, spec.apps[*].image or spec.apps[name=web].image',
                ),
              ),
              part: v.exactOptional(v.picklist(['image', 'tag', 'name', 'digest'])),
              policy: v.exactOptional(
                v.pipe(
                  v.string(),
                  v.description('<namespace>:<name>; absent: the policy of the repository'),
                ),
              ),
            }),
          ),
          v.description('any other field that holds an image or a part of one'),
        ),
      ),
    }),
  ),
  annotations: v.exactOptional(
    v.pipe(
      v.boolean(),
      v.description('write fluxcd.io/tag.* and fluxcd.io/build.number on workloads'),
    ),
  ),
  digests: v.exactOptional(
    v.pipe(
      v.picklist(['policy', 'never', 'always']),
      v.description('policy: as digestReflectionPolicy of each policy says'),
    ),
  ),
  source: v.exactOptional(
    v.pipe(
      v.picklist(['auto', 'registry', 'lock', 'status']),
      v.description('where the chosen tags come from; auto: the registry'),
    ),
  ),
  onError: v.exactOptional(
    v.pipe(
      v.picklist(['fail', 'keep-current']),
      v.description('what to do where a registry cannot be read; wrong input always fails'),
    ),
  ),
  inlinePolicies: v.exactOptional(
    v.pipe(
      v.picklist(['keep', 'strip']),
      v.description('strip removes spec.imagePolicies of Flux Kustomizations from the output'),
    ),
  ),
  strict: v.exactOptional(v.pipe(v.boolean(), v.description('warnings become errors'))),
})

export type FunctionConfigSpec = v.InferOutput<typeof functionConfigSpec>

/** One problem of a functionConfig: the field, and what must hold. */
export interface SpecProblem {
  /** Such as `targets.fields[0].kind`. */
  readonly path: string
  readonly problem: string
}

/** Checks `value` and reports every problem at once; `spec` holds its keys without problem. */
export function checkSpec(value: unknown): {
  readonly spec: FunctionConfigSpec
  readonly problems: readonly SpecProblem[]
} {
  const problems: SpecProblem[] = []
  // valibot reports one unknown key of each mapping: each round drops those that were reported
  for (let rest = value; ; ) {
    const { success, output, issues } = v.safeParse(functionConfigSpec, rest)
    if (success) return { spec: output, problems }
    for (const issue of issues) problems.push({ path: formatPath(issue), problem: describe(issue) })
    if (issues.some(({ path }) => path === undefined)) return { spec: {}, problems }
    rest = issues.reduce(withoutKey, rest)
  }
}

/**
 * A copy of the value without the unknown key of an issue, or without the whole setting that is
 * wrong.
 */
function withoutKey(value: unknown, { path, expected }: v.BaseIssue<unknown>): unknown {
  const keys = (path ?? []).map(({ key }) => String(key))
  return without(value, expected === 'never' ? keys : keys.slice(0, 1))
}

function without(value: unknown, [key = '', ...deeper]: readonly string[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? without(item, deeper) : item))
  if (typeof value !== 'object' || value === null) return value
  const { [key]: inner, ...others } = value as Readonly<Record<string, unknown>>
  return deeper.length === 0 ? others : { ...others, [key]: without(inner, deeper) }
}

function formatPath(issue: v.BaseIssue<unknown>): string {
  const parts = (issue.path ?? []).map(({ key }) =>
    typeof key === 'number' ? `[${key}]` : `.${String(key)}`,
  )
  return parts.join('').replace(/^\./, '')
}

function describe(issue: v.BaseIssue<unknown>): string {
  const last = issue.path?.at(-1)
  if (issue.expected === 'never' && last !== undefined) {
    return unknownKey(String(last.key), Object.keys(knownKeys(issue)))
  }
  if (issue.received === 'undefined') return 'must be set'
  return `must be ${expected(issue)}, got ${JSON.stringify(issue.input)}`
}

const unknownKey = (key: string, known: readonly string[]) =>
  `must be one of the known keys; did you mean \`${nearest(key, known)}\`? (known: ${known.map(name => `\`${name}\``).join(', ')})`

/** valibot names the alternatives `("a" | "b")` and types by their TypeScript names. */
function expected({ expected: text, kind, type }: v.BaseIssue<unknown>): string {
  if (kind === 'schema' && type === 'picklist')
    return `one of ${text?.replace(/^\(|\)$/g, '').replaceAll(' | ', ', ')}`
  if (type === 'boolean') return 'true or false'
  if (type === 'array') return 'a sequence'
  if (type === 'record' || type === 'strict_object') return 'a mapping'
  return 'a string'
}

/** The entries of the schema that has the issue's last key. */
function knownKeys(issue: v.BaseIssue<unknown>): Record<string, unknown> {
  let schema: unknown = functionConfigSpec
  for (const { key } of (issue.path ?? []).slice(0, -1)) {
    schema = unwrap(schema)
    schema =
      typeof key === 'number'
        ? (schema as { item: unknown }).item
        : (schema as { entries: Record<string, unknown> }).entries[String(key)]
  }
  return (unwrap(schema) as { entries: Record<string, unknown> }).entries
}

/** The schema inside `optional`. */
function unwrap(schema: unknown): unknown {
  const { wrapped } = schema as { wrapped?: unknown }
  return wrapped === undefined ? schema : unwrap(wrapped)
}

import { FunctionError } from '../errors.ts'
import type { ResourceId } from '../place.ts'
import type { Problems } from '../problems.ts'
import { checkSpec, type FunctionConfigSpec } from './function-config-schema.ts'

/** A functionConfig with every default filled in. */
export interface FunctionConfig {
  /** Where it was written, for errors about its fields. */
  readonly resource: ResourceId
  /** Where a setting was written: `spec.source`, `data.source`, `--set source`; '' is all of it. */
  readonly fieldOf: (path: string) => string
  readonly mode: Mode
  /** Policies written in `spec.policies`, still to be read. */
  readonly policies: readonly Readonly<Record<string, unknown>>[]
  /** Globs on `<namespace>/<name>`: the policies that take part. */
  readonly usePolicies: readonly string[]
  readonly targets: {
    readonly containers: boolean
    readonly markers: boolean
    readonly kustomizeImages: boolean
    readonly values: boolean
    readonly valuesFiles: boolean
    readonly knownFields: boolean
    readonly fields: readonly FieldEntry[]
  }
  readonly annotations: boolean
  readonly digests: 'policy' | 'never' | 'always'
  readonly source: 'auto' | 'registry' | 'lock' | 'status'
  readonly onError: 'fail' | 'keep-current'
  readonly inlinePolicies: 'keep' | 'strip'
  readonly strict: boolean
}

export type Mode = 'apply' | 'check'

export type FieldEntry = NonNullable<NonNullable<FunctionConfigSpec['targets']>['fields']>[number]

const modeOfKind = new Map<string, Mode | undefined>([
  ['fn.kpt.dev/v1alpha1 ApplyImagePolicies', 'apply'],
  ['fn.kpt.dev/v1alpha1 CheckImagePolicies', 'check'],
  ['v1 ConfigMap', undefined],
])

/**
 * A Flux Kustomization may be the functionConfig: its `imagePolicies` are read with those of the
 * items.
 */
const isFluxKustomization = (id: ResourceId) =>
  id.kind === 'Kustomization' && id.apiVersion.startsWith('kustomize.toolkit.fluxcd.io/')

/**
 * Reads a functionConfig: a resource that is `ApplyImagePolicies`, `CheckImagePolicies`, a
 * `ConfigMap` or a Flux Kustomization; undefined if there is none. `settings` (`--set`) win over
 * it, as strings: `source`, `targets.markers`. `parseYaml` reads the strings that stand for
 * sequences. Every problem is reported; a wrong key keeps its default.
 */
export async function readFunctionConfig(
  given: { readonly id: ResourceId; readonly value: Readonly<Record<string, unknown>> } | undefined,
  settings: readonly (readonly [key: string, value: string])[],
  fallbackMode: Mode,
  parseYaml: (text: string) => Promise<unknown>,
  problems: Problems,
): Promise<FunctionConfig> {
  const resource = given?.id ?? {
    apiVersion: 'fn.kpt.dev/v1alpha1',
    kind: 'ApplyImagePolicies',
    name: 'image-policies',
  }
  const check = (value: unknown, fieldOf: (path: string) => string) => {
    const { spec, problems: found } = checkSpec(value)
    for (const { path, problem } of found)
      problems.fail(new FunctionError('BAD_FIELD', problem, { resource, field: fieldOf(path) }))
    return spec
  }

  const holder = resource.kind === 'ConfigMap' ? 'data' : 'spec'
  const inResource = (path: string) => (path === '' ? holder : `${holder}.${path}`)

  if (given !== undefined) refuseStrayKeys(given, problems)
  let spec: FunctionConfigSpec = {}
  const form = `${resource.apiVersion} ${resource.kind}`
  if (given !== undefined && !modeOfKind.has(form) && !isFluxKustomization(resource)) {
    const known = [...modeOfKind.keys(), 'kustomize.toolkit.fluxcd.io/v1 Kustomization']
    const problem = `must be one of ${known.join(', ')}; got ${form}`
    problems.fail(new FunctionError('BAD_FIELD', problem, { resource, field: 'kind' }))
  } else if (resource.kind === 'ConfigMap') {
    spec = check(await nest(Object.entries(mappingOf(given?.value.data)), parseYaml), inResource)
  } else if (given !== undefined && !isFluxKustomization(resource)) {
    spec = check(given.value.spec ?? {}, inResource)
  }
  const inSettings = (path: string) => `--set ${path}`
  const set = check(await nest(settings, parseYaml), inSettings)
  const isSet = (path: string) => settings.some(([key]) => path.split('[')[0] === key)
  const targets = {
    containers: true,
    markers: true,
    kustomizeImages: true,
    values: true,
    valuesFiles: false,
    knownFields: true,
    fields: [],
    ...spec.targets,
    ...set.targets,
  }

  return {
    mode: modeOfKind.get(form) ?? fallbackMode,
    policies: [],
    usePolicies: ['*'],
    annotations: true,
    digests: 'policy',
    source: 'auto',
    onError: 'fail',
    inlinePolicies: 'keep',
    strict: false,
    ...spec,
    ...set,
    targets,
    resource,
    fieldOf: path => (isSet(path) ? inSettings : inResource)(path),
  }
}

/** A setting beside `spec` (or `data`) would have no effect. */
function refuseStrayKeys(
  { id, value }: { readonly id: ResourceId; readonly value: Readonly<Record<string, unknown>> },
  problems: Problems,
): void {
  if (isFluxKustomization(id)) return
  const holder = id.kind === 'ConfigMap' ? 'data' : 'spec'
  const known = [
    'apiVersion',
    'kind',
    'metadata',
    holder,
    ...(holder === 'data' ? ['immutable'] : []),
  ]
  for (const key of Object.keys(value).filter(key => !known.includes(key))) {
    const problem = `must be below \`${holder}\`, or absent: a functionConfig has only ${known.map(name => `\`${name}\``).join(', ')}`
    problems.fail(new FunctionError('BAD_FIELD', problem, { resource: id, field: key }))
  }
}

/**
 * `{'targets.markers': 'false'}` → `{targets: {markers: false}}`: strings become what their keys
 * expect; the check refuses other values.
 */
async function nest(
  settings: readonly (readonly [string, unknown])[],
  parseYaml: (text: string) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  const root = emptyMapping()
  for (const [key, value] of settings) {
    const parents = key.split('.')
    const last = parents.pop() ?? ''
    let mapping = root
    for (const parent of parents) mapping = mapping[parent] = mappingOf(mapping[parent])
    mapping[last] = typeof value === 'string' ? await typed(key, value, parseYaml) : value
  }
  return root
}

/** The keys whose strings are YAML. */
const sequences: ReadonlySet<string> = new Set(['policies', 'usePolicies', 'targets.fields'])

async function typed(
  key: string,
  text: string,
  parseYaml: (text: string) => Promise<unknown>,
): Promise<unknown> {
  if (sequences.has(key)) return parseYaml(text)
  if (text === 'true') return true
  return text === 'false' ? false : text
}

/** Without a prototype: a key such as `__proto__` is only a key. */
const emptyMapping = (): Record<string, unknown> => Object.create(null)

const mappingOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.assign(emptyMapping(), value)
    : emptyMapping()

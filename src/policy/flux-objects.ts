import { FunctionError } from '../errors.ts'
import { isTag, parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryProblem } from '../image/repository.ts'
import type { RepositoryAccess } from '../image/repository-access.ts'
import { type Fields, fieldsOf } from '../krm/fields.ts'
import { fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy, LatestRef, ObjectName } from './image-policy.ts'

/** An `ImageRepository` of Flux, any API version, with v1 semantics. */
export interface ImageRepository {
  readonly resource: Resource
  readonly image: string
  readonly repository: string
  readonly exclusionList: readonly string[]
  readonly suspended: boolean
  readonly provider: NonNullable<RepositoryAccess['provider']>
  readonly insecure: boolean
  /** Milliseconds. */
  readonly timeout?: number
  readonly secretRef?: string
  readonly certSecretRef?: string
  readonly proxySecretRef?: string
  /** `accessFrom.namespaceSelectors[].matchLabels`; undefined: own namespace only. */
  readonly accessFrom?: readonly Readonly<Record<string, unknown>>[]
}

const providers = { generic: 'generic', aws: 'aws', azure: 'azure', gcp: 'gcr' } as const

/** Reads `spec` of an ImageRepository. Throws BAD_FIELD. */
export function readImageRepository(resource: Resource): ImageRepository {
  const spec = fieldsOf(resource.id, mapping(fieldOf(resource, 'spec')), 'spec')
  const image = spec.string('image')
  const problem = repositoryProblem(image)
  if (problem !== undefined) {
    const error = spec.error(
      'BAD_FIELD',
      `must be a repository without scheme, tag or digest: ${problem}`,
      'image',
    )
    error.flux = problem
    throw error
  }
  const exclusionList = spec.strings('exclusionList')
  if (exclusionList.length > 25)
    throw spec.error(
      'BAD_FIELD',
      `must hold at most 25 regular expressions, got ${exclusionList.length}`,
      'exclusionList',
    )
  const timeout = milliseconds(spec, 'timeout')
  const accessFrom = spec.optionalMapping('accessFrom')?.mappings('namespaceSelectors')
  return {
    resource,
    image,
    repository: canonicalRepository(image),
    exclusionList,
    suspended: spec.boolean('suspend', false),
    provider: providers[spec.oneOf('provider', ['generic', 'aws', 'azure', 'gcp'], 'generic')],
    insecure: spec.boolean('insecure', false),
    ...(timeout !== undefined && { timeout }),
    ...nameIn(spec, 'secretRef'),
    ...nameIn(spec, 'certSecretRef'),
    ...nameIn(spec, 'proxySecretRef'),
    ...(accessFrom && {
      accessFrom: accessFrom.map(selector => selector.optionalMapping('matchLabels')?.value ?? {}),
    }),
  }
}

/** Reads an ImagePolicy whose repository was found. Throws BAD_FIELD. The rule itself is read by `chooser`. */
export function readImagePolicy(
  resource: Resource,
  repository: ImageRepository,
  access: RepositoryAccess,
): ImagePolicy {
  const spec = fieldsOf(resource.id, mapping(fieldOf(resource, 'spec')), 'spec')
  const digestReflectionPolicy = spec.oneOf(
    'digestReflectionPolicy',
    ['Never', 'IfNotPresent', 'Always'],
    'Never',
  )
  const latestRef = readLatestRef(resource)
  return {
    resource: resource.id,
    field: 'spec',
    id: { original: resource.original, current: currentName(resource) },
    image: repository.image,
    repository: repository.repository,
    exclusionList: repository.exclusionList,
    digestReflectionPolicy,
    suspended: spec.boolean('suspend', false) || repository.suspended,
    access,
    ...(latestRef && { latestRef }),
    meaning: meaningOf({
      repository: repository.repository,
      exclusionList: repository.exclusionList,
      policy: spec.value.policy ?? null,
      filterTags: spec.value.filterTags ?? null,
      digestReflectionPolicy,
    }),
    chooser: async () => (await import('./choose-tag.ts')).readChooser(spec),
  }
}

/**
 * An ImagePolicy as Flux's image-automation-controller sees it: by its status alone, where its repository is not in the input.
 * Where Flux has not chosen yet, its repository is empty: only markers can name it.
 */
export function readChosenPolicy(resource: Resource): ImagePolicy {
  const latestRef = readLatestRef(resource)
  if (latestRef !== undefined) checkLatestRef(resource, latestRef)
  return {
    resource: resource.id,
    field: 'spec',
    id: { original: resource.original, current: currentName(resource) },
    image: latestRef?.name ?? '',
    repository: latestRef === undefined ? '' : canonicalRepository(latestRef.name),
    exclusionList: [],
    digestReflectionPolicy: latestRef?.digest === undefined ? 'Never' : 'Always',
    suspended: false,
    access: {},
    ...(latestRef && { latestRef }),
    meaning: meaningOf(latestRef ?? null),
    chooser: async () =>
      (await import('./choose-tag.ts')).readChooser(
        fieldsOf(resource.id, mapping(fieldOf(resource, 'spec')), 'spec'),
      ),
  }
}

/** Whether the policy says which repository it is about. */
export const namesRepository = (resource: Resource): boolean =>
  mapping(fieldOf(resource, 'spec')).imageRepositoryRef !== undefined

/** Which ImageRepository the policy names, its namespace filled in: by the policy's original and by its present one. */
export function readRepositoryRef(resource: Resource): {
  readonly original: ObjectName
  readonly current: ObjectName
  readonly ref: Fields
} {
  const ref = fieldsOf(resource.id, mapping(fieldOf(resource, 'spec')), 'spec').mapping(
    'imageRepositoryRef',
  )
  const name = ref.string('name')
  const namespace = ref.optionalString('namespace')
  const current = currentName(resource).namespace
  return {
    original: { name, namespace: namespace ?? resource.original.namespace },
    current: { name, namespace: namespace ?? current },
    ref,
  }
}

/** The name that the resource has now, after a host's changes. */
export const currentName = ({ id }: Resource): ObjectName => ({
  namespace: id.namespace ?? 'default',
  name: id.name,
})

/** Throws BAD_FIELD where what Flux is said to have chosen is no image: Flux stops there, and so do we. */
function checkLatestRef(resource: Resource, { name, tag }: LatestRef): void {
  if (repositoryProblem(name) === undefined && isTag(tag)) return
  const reference = `${name}:${tag}`
  const error = new FunctionError(
    'BAD_FIELD',
    `must be an image with a tag, got "${reference}"; let Flux choose again, or remove the status`,
    placeOf(resource, 'status.latestRef'),
  )
  error.flux = `encountered invalid image ref "${reference}": could not parse reference: ${reference}`
  throw error
}

/** v1 and v1beta2 say `latestRef`, v1beta1 `latestImage`. A status that lags behind the spec says nothing. */
function readLatestRef(resource: Resource): LatestRef | undefined {
  const status = mapping(fieldOf(resource, 'status'))
  const generation = mapping(fieldOf(resource, 'metadata')).generation
  const observed = status.observedGeneration
  if (typeof generation === 'number' && typeof observed === 'number' && generation !== observed)
    return undefined
  const { name, tag, digest } = mapping(status.latestRef)
  if (typeof name === 'string' && typeof tag === 'string') {
    return { name, tag, ...(typeof digest === 'string' && digest !== '' && { digest }) }
  }
  const image =
    typeof status.latestImage === 'string' ? parseImageReference(status.latestImage) : undefined
  if (image?.tag === undefined) return undefined
  return {
    name: image.repository,
    tag: image.tag,
    ...(image.digest !== undefined && { digest: image.digest }),
  }
}

/** The value as JSON with sorted keys: one text for one meaning. */
export function meaningOf(asked: unknown): string {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, inner]) => [key, sorted(inner)]),
          )
        : value
  return JSON.stringify(sorted(asked))
}

const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const

/** A Go duration such as `1m30s`, at least one second: what Flux makes of less. */
function milliseconds(spec: Fields, key: string): number | undefined {
  const text = spec.optionalString(key)
  if (text === undefined) return undefined
  if (!/^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/.test(text))
    throw spec.error('BAD_FIELD', `must be a duration such as "30s", got "${text}"`, key)
  let total = 0
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h)/g))
    total += Number(amount) * units[unit as keyof typeof units]
  return Math.max(total, 1000)
}

function nameIn<Key extends string>(spec: Fields, key: Key): Partial<Record<Key, string>> {
  const ref = spec.optionalMapping(key)
  return ref === undefined ? {} : ({ [key]: ref.string('name') } as Record<Key, string>)
}

const mapping = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

/** An error about a Flux object. */
export const objectError = (
  resource: Resource,
  field: string,
  problem: string,
  flux?: string,
): FunctionError => {
  const error = new FunctionError('UNKNOWN_POLICY', problem, { resource: resource.id, field })
  if (flux !== undefined) error.flux = flux
  return error
}

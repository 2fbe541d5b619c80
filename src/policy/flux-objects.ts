import { FunctionError } from '../errors.ts'
import { isTag } from '../image/reference.ts'
import { canonicalRepository, repositoryProblem } from '../image/repository.ts'
import type { RepositoryAccess } from '../image/repository-access.ts'
import { type Fields, fieldsOf } from '../krm/fields.ts'
import { defaultNamespace, fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import { askTags, readImage, readReflectionPolicy } from './asked-tags.ts'
import type { ImagePolicy, LatestRef, ObjectName } from './image-policy.ts'
import { filterTagsMeaning, meaningOf, tagsMeaning } from './meaning.ts'
import { checkRuleKeys } from './rule-keys.ts'

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
  const spec = specOf(resource)
  const image = readImage(spec)
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

/**
 * Reads an ImagePolicy whose repository was found. Throws BAD_FIELD. The rule itself is read by
 * `chooser`.
 */
export function readImagePolicy(
  resource: Resource,
  { image, repository, exclusionList, suspended }: ImageRepository,
  access: RepositoryAccess,
  latestRef: LatestRef | undefined,
): ImagePolicy {
  const spec = specOf(resource)
  checkRuleKeys(spec)
  const asks = askTags(spec, exclusionList, readReflectionPolicy(spec))
  return {
    resource: resource.id,
    field: 'spec',
    id: { original: resource.original, current: currentName(resource) },
    image,
    repository,
    asks,
    suspended: spec.boolean('suspend', false) || suspended,
    access,
    ...(latestRef && { latestRef }),
    meaning: tagsMeaning({
      repository,
      policy: spec.value.policy,
      filter: filterTagsMeaning(spec),
      ...asks,
    }),
  }
}

/**
 * An ImagePolicy as Flux's image-automation-controller sees it if its repository is not in the
 * input: by its status alone. If Flux has not chosen yet, its repository is empty: only markers can
 * name it.
 */
export function readChosenPolicy(
  resource: Resource,
  latestRef: LatestRef | undefined,
): ImagePolicy {
  if (latestRef !== undefined) checkLatestRef(resource, latestRef)
  const spec = specOf(resource)
  return {
    resource: resource.id,
    field: 'spec',
    id: { original: resource.original, current: currentName(resource) },
    image: latestRef?.name ?? '',
    repository: latestRef === undefined ? '' : canonicalRepository(latestRef.name),
    asks: askTags(spec, [], latestRef?.digest === undefined ? 'Never' : 'Always'),
    suspended: false,
    access: {},
    ...(latestRef && { latestRef }),
    meaning: meaningOf({ latestRef, policy: spec.value.policy, filter: spec.value.filterTags }),
  }
}

/** Whether the policy names its repository. */
export const namesRepository = (resource: Resource): boolean =>
  specOf(resource).value.imageRepositoryRef !== undefined

/**
 * The ImageRepository that the policy names, its namespace filled in: by the policy's original
 * namespace and by its present one.
 */
export function readRepositoryRef(resource: Resource): {
  readonly original: ObjectName
  readonly current: ObjectName
  readonly ref: Fields
} {
  const ref = specOf(resource).mapping('imageRepositoryRef')
  const name = ref.string('name')
  const namespace = ref.optionalString('namespace')
  const current = currentName(resource).namespace
  return {
    original: { name, namespace: namespace ?? resource.original.namespace },
    current: { name, namespace: namespace ?? current },
    ref,
  }
}

/** The name that the resource has now, after a host may have changed it. */
export const currentName = ({ id }: Resource): ObjectName => ({
  namespace: id.namespace ?? defaultNamespace,
  name: id.name,
})

/**
 * Throws BAD_FIELD if the status of a policy does not hold an image: Flux stops there, and so do
 * we.
 */
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

const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const

/** A Go duration such as `1m30s`. As in Flux, what is shorter than a second is a second. */
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

const specOf = (resource: Resource): Fields =>
  fieldsOf(resource.id, mapping(fieldOf(resource, 'spec')), 'spec')

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

import type { FunctionError } from '../errors.ts'
import type { RepositoryAccess, SecretData } from '../image/repository-access.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { nearest } from '../krm/nearest.ts'
import type { Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { automatedFolders, readAutomation } from './automation.ts'
import { checkAccess } from './cross-namespace.ts'
import {
  currentName,
  type ImageRepository,
  namesRepository,
  objectError,
  readChosenPolicy,
  readImagePolicy,
  readImageRepository,
  readRepositoryRef,
} from './flux-objects.ts'
import type { ImagePolicy, ObjectName } from './image-policy.ts'
import { findSecret } from './secrets.ts'
import { warnOfUnknownFields } from './unknown-fields.ts'

/**
 * The policies that Flux's own objects hold. A policy with a problem is left out. `readReferenced`
 * reads the Secrets and Namespaces of the input, and is called only if a repository needs them.
 */
export async function readFluxPolicies(
  resources: readonly Resource[],
  readReferenced: () => Promise<readonly Resource[]>,
  { source }: Pick<FunctionConfig, 'source'>,
  problems: Problems,
): Promise<readonly ImagePolicy[]> {
  const ofKind = (kind: string) => resources.filter(resource => isFlux(resource, kind))
  /** What `read` makes of each object that it can read. */
  const readEach = <T>(objects: readonly Resource[], read: (object: Resource) => T) =>
    objects.flatMap(object => {
      const value = problems.attempt(() => {
        warnOfUnknownFields(object, problems)
        return read(object)
      })
      return value ?? []
    })

  const objects = ofKind('ImageRepository')
  const repositories = new Map(
    readEach(objects, readImageRepository).map(repository => [repository.resource, repository]),
  )
  const needed = [...repositories.values()].some(needsReferenced)
  const input: Input = {
    objects,
    repositories,
    referenced: needed ? await readReferenced() : [],
    chosenByFlux: source === 'status',
  }
  const automations = readEach(ofKind('ImageUpdateAutomation'), readAutomation)
  return readEach(ofKind('ImagePolicy'), object => {
    const policy = readPolicy(object, input, problems)
    const scope = policy && automatedFolders(object, automations)
    return policy && { ...policy, id: { ...policy.id, ...(scope && { scope }) } }
  })
}

/** What policies refer to. */
interface Input {
  /** Every ImageRepository. */
  readonly objects: readonly Resource[]
  /** Those without a problem. */
  readonly repositories: ReadonlyMap<Resource, ImageRepository>
  /** Secrets and Namespaces. */
  readonly referenced: readonly Resource[]
  /**
   * Whether only what Flux chose is asked for: then the repository does not have to be in the
   * input.
   */
  readonly chosenByFlux: boolean
}

/**
 * Undefined if its repository has a problem, which is reported already. Throws BAD_FIELD,
 * UNKNOWN_POLICY.
 */
function readPolicy(
  resource: Resource,
  { objects, repositories, referenced, chosenByFlux }: Input,
  problems: Problems,
): ImagePolicy | undefined {
  const chosen = chosenByFlux ? readChosenPolicy(resource) : undefined
  if (chosen !== undefined && !namesRepository(resource)) return chosen
  const { original, current, ref } = readRepositoryRef(resource)
  const found = findNamed(objects, original, current)
  if (found === undefined && chosen !== undefined) return chosen
  if (found === undefined) throw missingRepository(resource, original, objects)
  const repository = repositories.get(found)
  if (repository === undefined) return undefined
  checkAccess(resource, repository, ref, referenced, problems)
  return readImagePolicy(resource, repository, accessOf(repository, referenced, problems))
}

const isFlux = (resource: Resource, kind: string) =>
  resource.id.kind === kind && resource.id.apiVersion.startsWith('image.toolkit.fluxcd.io/')

const needsReferenced = ({
  secretRef,
  certSecretRef,
  proxySecretRef,
  accessFrom,
}: ImageRepository) =>
  [secretRef, certSecretRef, proxySecretRef, accessFrom].some(reference => reference !== undefined)

/** The object that a reference names: by original names first, then by present ones. */
function findNamed(
  objects: readonly Resource[],
  original: ObjectName,
  current: ObjectName,
): Resource | undefined {
  const isSame = (a: ObjectName, b: ObjectName) => a.name === b.name && a.namespace === b.namespace
  return (
    objects.find(object => isSame(object.original, original)) ??
    objects.find(object => isSame(currentName(object), current))
  )
}

function missingRepository(
  policy: Resource,
  { namespace, name }: ObjectName,
  repositories: readonly Resource[],
): FunctionError {
  const known = repositories.map(({ original }) => `${original.namespace}/${original.name}`)
  const closest = nearest(`${namespace}/${name}`, known)
  const hint =
    closest === undefined
      ? 'there is no ImageRepository in the input: add it to the items, or read it with `--policies`'
      : `the closest one in the input is "${closest}"`
  return objectError(
    policy,
    'spec.imageRepositoryRef.name',
    `must name an ImageRepository of the input, got "${namespace}/${name}"; ${hint}`,
    `failed to get the referred ImageRepository: referenced ImageRepository does not exist: ImageRepository.image.toolkit.fluxcd.io "${name}" not found`,
  )
}

function accessOf(
  repository: ImageRepository,
  resources: readonly Resource[],
  problems: Problems,
): RepositoryAccess {
  const { resource, provider, insecure, timeout } = repository
  const secret = (
    key: 'secretRef' | 'certSecretRef' | 'proxySecretRef',
  ): SecretData | undefined => {
    const name = repository[key]
    return name === undefined
      ? undefined
      : findSecret(resources, resource, `spec.${key}.name`, name, problems)
  }
  // Flux ignores secretRef if a cloud provider is set: image-reflector-controller,
  // internal/registry/options.go
  const credentials = provider === 'generic' ? secret('secretRef') : undefined
  const certSecret = secret('certSecretRef')
  const proxySecret = secret('proxySecretRef')
  return {
    place: { resource: resource.id, field: 'spec.image' },
    provider,
    insecure,
    ...(timeout !== undefined && { timeout }),
    ...(credentials && { secret: credentials }),
    ...(certSecret && { certSecret }),
    ...(proxySecret && { proxySecret }),
  }
}

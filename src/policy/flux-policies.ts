import { attempt, type FunctionError, type Notice } from '../errors.ts'
import type { RepositoryAccess, SecretData } from '../image/repository-access.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { nearest } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { automatedFolders, readAutomation } from './automation.ts'
import { crossNamespaceProblem } from './cross-namespace.ts'
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
import type { ReadPolicies } from './inline-policies.ts'
import { findSecret } from './secrets.ts'

const isFlux = (resource: Resource, kind: string) =>
  resource.id.kind === kind && resource.id.apiVersion.startsWith('image.toolkit.fluxcd.io/')

/**
 * The policies that Flux's own objects hold. Every problem is collected; a policy with a problem is left out.
 * `readReferenced` reads the Secrets and Namespaces of the input, and is called only where a repository needs them.
 */
export async function readFluxPolicies(
  resources: readonly Resource[],
  readReferenced: () => Promise<readonly Resource[]>,
  { source }: Pick<FunctionConfig, 'source'>,
): Promise<ReadPolicies> {
  const errors: FunctionError[] = []
  const notices: Notice[] = []

  const repositoryObjects = resources.filter(resource => isFlux(resource, 'ImageRepository'))
  const broken = new Set<Resource>()
  const repositories = repositoryObjects.flatMap(resource => {
    const repository = attempt(() => readImageRepository(resource), errors)
    if (repository === undefined) broken.add(resource)
    return repository ?? []
  })

  const referenced = repositories.some(needsReferenced) ? await readReferenced() : []

  const automations = resources
    .filter(resource => isFlux(resource, 'ImageUpdateAutomation'))
    .flatMap(resource => attempt(() => readAutomation(resource), errors) ?? [])

  const policies: ImagePolicy[] = []
  for (const resource of resources.filter(candidate => isFlux(candidate, 'ImagePolicy'))) {
    const policy = attempt(() => {
      const chosen = source === 'status' ? readChosenPolicy(resource) : undefined
      if (chosen !== undefined && !namesRepository(resource)) return chosen
      const { original, current, ref } = readRepositoryRef(resource)
      const found = findNamed(repositoryObjects, original, current)
      if (found === undefined && chosen !== undefined) return chosen
      if (found === undefined) throw missingRepository(resource, original, repositoryObjects)
      if (broken.has(found)) return undefined // its own error is enough
      const repository = repositories.find(candidate => candidate.resource === found)
      if (repository === undefined) return undefined
      const problem = crossNamespaceProblem(resource, repository, referenced)
      if (problem?.severity === 'error') throw ref.error('BAD_FIELD', problem.message)
      if (problem !== undefined)
        notices.push({
          severity: 'warning',
          problem: problem.message,
          place: placeOf(resource, 'spec.imageRepositoryRef'),
        })
      return readImagePolicy(resource, repository, accessOf(repository, referenced, notices))
    }, errors)
    if (policy === undefined) continue
    const scope = automatedFolders(resource, automations)
    policies.push({ ...policy, id: { ...policy.id, ...(scope && { scope }) } })
  }
  return { policies, errors, notices }
}

const needsReferenced = ({
  secretRef,
  certSecretRef,
  proxySecretRef,
  accessFrom,
}: ImageRepository) =>
  [secretRef, certSecretRef, proxySecretRef, accessFrom].some(reference => reference !== undefined)

/** The object that a reference names: by original names first, then by today's. */
function findNamed(
  objects: readonly Resource[],
  original: ObjectName,
  current: ObjectName,
): Resource | undefined {
  const byOriginal = objects.find(
    object =>
      object.original.name === original.name && object.original.namespace === original.namespace,
  )
  if (byOriginal !== undefined) return byOriginal
  return objects.find(object => {
    const name = currentName(object)
    return name.name === current.name && name.namespace === current.namespace
  })
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
  notices: Notice[],
): RepositoryAccess {
  const { resource, provider, insecure, timeout } = repository
  const secret = (
    field: 'secretRef' | 'certSecretRef' | 'proxySecretRef',
  ): SecretData | undefined => {
    const name = repository[field]
    if (name === undefined) return undefined
    const found = findSecret(resources, resource, name)
    if (typeof found !== 'string') return found
    notices.push({
      severity: 'info',
      problem: found,
      place: placeOf(resource, `spec.${field}.name`),
    })
    return undefined
  }
  // Flux ignores secretRef where a cloud provider is set: image-reflector-controller, internal/registry/options.go
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

import type { Budget } from '../budget.ts'
import { FunctionError } from '../errors.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { nearest } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { newProblems, type Problems } from '../problems.ts'
import { automatedFolders, readAutomation } from './automation.ts'
import { checkAccess } from './cross-namespace.ts'
import { accessOf } from './flux-access.ts'
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
import { isPatch } from './flux-patches.ts'
import { reportTemplate } from './flux-templates.ts'
import type { ImagePolicy, LatestRef, ObjectName } from './image-policy.ts'
import { latestRefs } from './latest-ref.ts'
import { meaningOf } from './meaning.ts'
import { policyGroup } from './mentions.ts'
import { partyFirst, partyOf } from './party.ts'
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
  /** What `read` makes of each object that it can read. */
  const readEach = <T>(objects: readonly Resource[], read: (object: Resource) => T) =>
    objects.flatMap(object => {
      const value = problems.attempt(() => {
        warnOfUnknownFields(object, problems)
        return read(object)
      })
      return value ?? []
    })

  const ofKind = (kind: string) =>
    resources.filter(
      resource =>
        isFlux(resource, kind) &&
        problems.attempt(() => reportTemplate(resource, problems)) === false,
    )
  const { objects, patches } = dividePatches(ofKind('ImageRepository'), problems)
  const { objects: policies } = dividePatches(ofKind('ImagePolicy'), problems)
  const repositories = new Map(
    readEach(objects, readImageRepository).map(repository => [repository.resource, repository]),
  )
  const needed = [...repositories.values()].some(needsReferenced)
  const input: Input = {
    objects,
    patches,
    repositories,
    referenced: needed ? await readReferenced() : [],
    chosenByFlux: source === 'status',
  }
  const automations = readEach(ofKind('ImageUpdateAutomation'), readAutomation)
  const latestRefOf = latestRefs(policies, problems)
  const sharedScope = sharing()
  return readEach(policies, object => {
    const policy = readPolicy(object, input, latestRefOf(object), problems)
    problems.work.spend(automations.length * automationSteps)
    const scope = policy && automatedFolders(object, automations)
    return (
      policy && { ...policy, id: { ...policy.id, ...(scope && { scope: sharedScope(scope) }) } }
    )
  })
}

/** The objects that are meant for a cluster, and the patches, which are reported. */
function dividePatches(
  resources: readonly Resource[],
  problems: Problems,
): { readonly objects: readonly Resource[]; readonly patches: readonly Resource[] } {
  // what can't be read is reported when it is read as an object
  const unreported = newProblems(problems)
  const patches = new Set(
    resources.filter(resource => unreported.attempt(() => isPatch(resource, resources)) === true),
  )
  for (const patch of patches) {
    const what = patch.id.kind === 'ImagePolicy' ? 'policy' : 'repository'
    problems.inform(`is a patch, not a ${what}, so it is not read`, placeOf(patch, 'spec'))
  }
  return { objects: resources.filter(resource => !patches.has(resource)), patches: [...patches] }
}

/** What policies refer to. */
interface Input {
  /** Every ImageRepository. */
  readonly objects: readonly Resource[]
  /** Patches for ImageRepositories. */
  readonly patches: readonly Resource[]
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
  { objects, patches, repositories, referenced, chosenByFlux }: Input,
  latestRef: LatestRef | undefined,
  problems: Problems,
): ImagePolicy | undefined {
  const chosen = chosenByFlux ? readChosenPolicy(resource, latestRef) : undefined
  if (chosen !== undefined && !namesRepository(resource)) return chosen
  const { original, current, ref } = readRepositoryRef(resource)
  problems.work.spend(objects.length)
  const copies = findNamed(partyFirst(partyOf(resource), objects), original, current)
  const [found] = copies
  if (found === undefined && chosen !== undefined) return chosen
  if (found === undefined)
    throw missingRepository(resource, original, current, objects, patches, problems.hints)
  const repository = repositories.get(found)
  if (repository === undefined) return undefined
  problems.work.spend(copies.length * meaningSteps)
  const readable = copies.flatMap(copy => repositories.get(copy) ?? [])
  const rival = readable.find(isRivalOf(repository))
  if (rival !== undefined) throw ambiguousRepository(resource, repository, rival)
  checkAccess(resource, repository, ref, referenced, problems)
  const accesses = readable.filter(isSameAs(repository)).map(copy => accessOf(copy, referenced))
  // a copy may come with Secrets that the first one lacks
  const access = accesses.find(({ unused }) => unused === undefined) ?? accesses[0] ?? {}
  return readImagePolicy(resource, repository, access, latestRef)
}

/** Makes one list of all that hold the same, so that what is known of a scope is kept once. */
function sharing(): (texts: readonly string[]) => readonly string[] {
  const lists = new Map<string, readonly string[]>()
  return texts => {
    const key = JSON.stringify(texts)
    const known = lists.get(key) ?? texts
    lists.set(key, known)
    return known
  }
}

/** What asking one automation for its policies takes, with the folder that is kept. */
const automationSteps = 10

/** What comparing the meanings of two objects takes. */
const meaningSteps = 50

/** Whether two objects say the same of a repository: Git, and an export of the cluster. */
function isSameAs(repository: ImageRepository): (other: ImageRepository) => boolean {
  const meaning = ({ resource: _, ...fields }: ImageRepository) => meaningOf(fields)
  return other => other === repository || meaning(other) === meaning(repository)
}

const isFlux = (resource: Resource, kind: string) =>
  resource.id.kind === kind && resource.id.apiVersion.startsWith(`${policyGroup}/`)

const needsReferenced = ({
  secretRef,
  certSecretRef,
  proxySecretRef,
  accessFrom,
}: ImageRepository) =>
  [secretRef, certSecretRef, proxySecretRef, accessFrom].some(reference => reference !== undefined)

/** Whether another object of the same party has other tags: nobody can tell which one is meant. */
function isRivalOf(repository: ImageRepository): (other: ImageRepository) => boolean {
  const meaning = ({ repository, exclusionList }: ImageRepository) =>
    meaningOf([repository, exclusionList])
  return other =>
    partyOf(other.resource) === partyOf(repository.resource) &&
    meaning(other) !== meaning(repository)
}

function ambiguousRepository(
  policy: Resource,
  first: ImageRepository,
  second: ImageRepository,
): FunctionError {
  const [one, other] = [first, second].map(({ resource, image }) =>
    resource.id.file === undefined ? `"${image}"` : `"${image}" (${resource.id.file})`,
  )
  return new FunctionError(
    'AMBIGUOUS_POLICY',
    `must name one ImageRepository, but two of this name have the images ${one} and ${other}, or other exclusions: remove one, or rename it`,
    { resource: policy.id, field: 'spec.imageRepositoryRef.name' },
  )
}

/** The objects that a reference names: by original names first, then by present ones. */
function findNamed(
  objects: readonly Resource[],
  original: ObjectName,
  current: ObjectName,
): readonly Resource[] {
  const isSame = (a: ObjectName, b: ObjectName) => a.name === b.name && a.namespace === b.namespace
  const byOriginal = objects.filter(object => isSame(object.original, original))
  return byOriginal.length > 0
    ? byOriginal
    : objects.filter(object => isSame(currentName(object), current))
}

function missingRepository(
  policy: Resource,
  original: ObjectName,
  current: ObjectName,
  repositories: readonly Resource[],
  patches: readonly Resource[],
  hints: Budget,
): FunctionError {
  const { namespace, name } = original
  const known = repositories.map(({ original }) => `${original.namespace}/${original.name}`)
  const closest = nearest(`${namespace}/${name}`, known, hints)
  const [patch] = findNamed(patches, original, current)
  const others =
    closest === undefined ? 'the input has others' : `the closest one in the input is "${closest}"`
  const hintOfClosest =
    repositories.length === 0
      ? 'there is no ImageRepository in the input: add it to the items, or read it with `--policies`'
      : others
  const hint =
    patch === undefined
      ? hintOfClosest
      : `${patch.id.file ?? 'the input'} has only a patch for it, without \`spec.image\``
  return objectError(
    policy,
    'spec.imageRepositoryRef.name',
    `must name an ImageRepository of the input, got "${namespace}/${name}"; ${hint}`,
    `failed to get the referred ImageRepository: referenced ImageRepository does not exist: ImageRepository.image.toolkit.fluxcd.io "${name}" not found`,
  )
}

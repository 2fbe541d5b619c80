import type { Budget } from '../budget.ts'
import { formatPath } from '../field-path.ts'
import { repositoryIn, repositoryMention } from '../image/repository.ts'
import { editsBetween, nearest, stepsBetween } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { isInSecret } from '../krm/secret.ts'
import { formatPlace } from '../place.ts'
import { type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import { holdsInlinePolicies } from '../policy/inline-policies.ts'
import { policyGroup } from '../policy/mentions.ts'
import type { Problems } from '../problems.ts'
import { scalarsOnLines } from '../yaml/tree/scalars-on-lines.ts'
import { textOf } from '../yaml/tree/value.ts'
import type { Claims } from './claims.ts'
import { seenRepositories } from './seen-repositories.ts'
import type { Search } from './target-finder.ts'

/** For more policies the other fields that name their repositories are not looked for. */
const mostSearched = 20

/**
 * Reports policies that govern nothing, since a typo in a repository would otherwise be silent. A
 * likely typo, and an image that no finder looks for, have a warning each. The others are counted
 * in one line, and listed for `--verbose`: policies that several inputs share are expected to
 * govern nothing in some of them. `seen` are the repositories of the images that finders saw.
 * Nothing is reported if something could not be read.
 */
export async function reportIdlePolicies(
  idle: readonly ImagePolicy[],
  seen: ReadonlySet<string>,
  claims: Claims,
  search: Search,
): Promise<void> {
  const { documents, policies, problems } = search
  if (problems.errors.length > 0 || idle.length === 0) return
  const wanted = new Set(policies.map(({ repository }) => repository))
  const others = [...new Set(documents.flatMap(({ bytes }) => seenRepositories(bytes)))].filter(
    repository => seen.has(repository) || !wanted.has(repository),
  )
  const unwanted = others.filter(repository => !wanted.has(repository))
  const elsewhere = await otherFields(
    idle.filter(({ repository }) => !seen.has(repository)).slice(0, mostSearched),
    claims,
    search,
  )
  const rest: ImagePolicy[] = []
  for (const policy of idle) {
    const hint = seen.has(policy.repository)
      ? undefined
      : ownHint(policy, unwanted, elsewhere, problems.hints)
    if (hint === undefined) rest.push(policy)
    else problems.warn(`${notFound(policy)}; ${hint}`, policyPlace(policy))
  }
  const reasonFor = (policy: ImagePolicy) =>
    seen.has(policy.repository) ? governedElsewhere(policy) : notFound(policy)
  const own = rest.filter(policy => !search.isShared(policy))
  const shared = rest.filter(policy => search.isShared(policy))
  const [only] = own
  if (only !== undefined && own.length === 1) {
    const hint = seen.has(only.repository) ? '' : `; ${closestHint(only, others, problems.hints)}`
    problems.warn(`${reasonFor(only)}${hint}`, policyPlace(only))
  } else report(own, problems.warn)
  report(shared, problems.note)

  /**
   * One line for one policy, or for the number of several, which are then listed as information.
   */
  function report(some: readonly ImagePolicy[], tell: Problems['warn']): void {
    const [first] = some
    if (first === undefined) return
    if (some.length === 1) tell(reasonFor(first), policyPlace(first))
    else {
      tell(`${some.length} policies govern nothing in this input; \`--verbose\` lists them`)
      for (const policy of some) problems.inform(reasonFor(policy), policyPlace(policy))
    }
  }
}

const notFound = ({ repository }: ImagePolicy) =>
  `governs nothing: no image of "${repository}" was found`

const governedElsewhere = ({ repository }: ImagePolicy) =>
  `governs nothing: each image of "${repository}" is outside its scope, or has another policy`

/**
 * What deserves a line of its own: a field where no finder looks, or a repository that looks like a
 * misspelling.
 */
function ownHint(
  { repository }: ImagePolicy,
  unwanted: readonly string[],
  elsewhere: ReadonlyMap<string, OtherField>,
  hints: Budget,
): string | undefined {
  const other = elsewhere.get(repository)
  if (other?.isMarked)
    return `the repository is in ${other.field}, whose marker names another policy`
  if (other !== undefined)
    return `the repository is in ${other.field}: ${other.isInValues ? 'set `targets.valuesFiles: true` if it is a file of Helm values' : 'name that field in `targets.fields`'}`
  const most = Math.min(Math.max(Math.floor(repository.length / 10), 1), mostEdits)
  const similar = unwanted.find(
    other =>
      hints.affords(stepsBetween(repository, other, most)) &&
      editsBetween(repository, other, most) <= most,
  )
  return similar === undefined ? undefined : `the closest one seen is "${similar}"`
}

/** More edits make no typo, however long the name. */
const mostEdits = 3

function closestHint(
  { repository }: ImagePolicy,
  others: readonly string[],
  hints: Budget,
): string {
  const closest = nearest(repository, others, hints)
  if (closest !== undefined) return `the closest one seen is "${closest}"`
  return others.length === 0 ? 'no image was seen' : 'only other images were seen'
}

/** A field that names the repository of a policy. */
interface OtherField {
  readonly field: string
  readonly isMarked: boolean
  /** Whether it is outside of Kubernetes objects, where `targets.fields` names nothing. */
  readonly isInValues: boolean
}

/**
 * The first field that names the repository of each policy, though no finder looks there; a marked
 * one if there is no other.
 */
async function otherFields(
  idle: readonly ImagePolicy[],
  claims: Claims,
  { documents, problems }: Search,
): Promise<ReadonlyMap<string, OtherField>> {
  const found = new Map<string, OtherField>()
  const wanted = new Set(idle.map(({ repository }) => repository).filter(name => name !== ''))
  if (wanted.size === 0) return found
  const look = (resource: Resource) => {
    const { tree, root } = resource.open()
    if (holdsPolicies(resource) || isInSecret(resource, [])) return
    for (const { path, node } of scalarsOnLines(tree, root, root.start, root.end + 1)) {
      const repository = repositoryIn(textOf(tree, node))
      if (repository === undefined || !wanted.has(repository)) continue
      const isMarked = claims.isMarked(resource.document, node.start)
      const known = found.get(repository)
      if (known !== undefined && (isMarked || !known.isMarked)) continue
      found.set(repository, {
        field: formatPlace(placeOf(resource, formatPath(path))),
        isMarked,
        isInValues: resource.id.kind === '',
      })
    }
  }
  for (const document of documents) {
    for (const item of document.each([...wanted].map(repositoryMention), problems))
      for (const resource of item instanceof Promise ? await item : item) look(resource)
  }
  return found
}

/** Whether repositories in it are those of policies. */
const holdsPolicies = (resource: Resource) =>
  resource.id.apiVersion.startsWith(`${policyGroup}/`) ||
  resource.id.apiVersion.startsWith('fn.kpt.dev/') ||
  holdsInlinePolicies(resource)

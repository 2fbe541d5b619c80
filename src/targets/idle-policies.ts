import { formatPath } from '../field-path.ts'
import { parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryMention } from '../image/repository.ts'
import { nearest } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { isInSecret } from '../krm/secret.ts'
import { formatPlace } from '../place.ts'
import { type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import { holdsInlinePolicies } from '../policy/inline-policies.ts'
import { scalarsOnLines } from '../yaml/tree/scalars-on-lines.ts'
import { textOf } from '../yaml/tree/value.ts'
import type { Claims } from './claims.ts'
import { seenRepositories } from './seen-repositories.ts'
import type { Search } from './target-finder.ts'

/** For more policies the other fields that name their repositories are not looked for. */
const mostSearched = 20

/**
 * Warns about policies that govern nothing, since a typo in a repository would otherwise be silent. `seen` are the repositories of the images
 * that finders saw. Nothing is reported if something could not be read.
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
  const others = documents
    .flatMap(({ bytes }) => seenRepositories(bytes))
    .filter(repository => seen.has(repository) || !wanted.has(repository))
  const elsewhere = await otherFields(
    idle.filter(({ repository }) => !seen.has(repository)).slice(0, mostSearched),
    claims,
    search,
  )
  for (const policy of idle) {
    const reason = seen.has(policy.repository)
      ? `each image of "${policy.repository}" is outside its scope, or has another policy`
      : `no image of "${policy.repository}" was found; ${hintFor(policy, others, elsewhere)}`
    problems.warn(`governs nothing: ${reason}`, policyPlace(policy))
  }
}

function hintFor(
  { repository }: ImagePolicy,
  others: readonly string[],
  elsewhere: ReadonlyMap<string, string>,
): string {
  const field = elsewhere.get(repository)
  if (field !== undefined)
    return `the repository is in ${field}: name that field in \`targets.fields\``
  const closest = nearest(repository, others)
  return closest === undefined ? 'no image was seen' : `the closest one seen is "${closest}"`
}

/** The first field that names the repository of each policy, though no finder looks there. */
async function otherFields(
  idle: readonly ImagePolicy[],
  claims: Claims,
  { documents, problems }: Search,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const wanted = new Set(idle.map(({ repository }) => repository).filter(name => name !== ''))
  if (wanted.size === 0) return found
  const look = (resource: Resource) => {
    const { tree, root } = resource.open()
    if (holdsPolicies(resource) || isInSecret(resource, [])) return
    for (const { path, node } of scalarsOnLines(tree, root, root.start, root.end + 1)) {
      const repository = repositoryIn(textOf(tree, node))
      if (repository === undefined || !wanted.has(repository) || found.has(repository)) continue
      if (claims.isMarked(resource.document, node.start)) continue
      found.set(repository, formatPlace(placeOf(resource, formatPath(path))))
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
  resource.id.apiVersion.startsWith('image.toolkit.fluxcd.io/') ||
  resource.id.apiVersion.startsWith('fn.kpt.dev/') ||
  holdsInlinePolicies(resource)

function repositoryIn(text: string): string | undefined {
  const reference = parseImageReference(text)
  return reference && canonicalRepository(reference.repository)
}

import { type FieldPath, formatPath } from '../field-path.ts'
import { groupBy } from '../group-by.ts'
import { repositoryIn, repositoryMention } from '../image/repository.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Claims } from './claims.ts'
import { bindingOf, governingPolicy, overruledBinding } from './govern.ts'
import { namesUnused, policiesNamed, policiesNamedOf, unusedProblem } from './policy-name.ts'
import { namedRepositories } from './replaceable.ts'
import type { Found, Search } from './target-finder.ts'
import { outermost, type Workload } from './workload.ts'

/** An image outside of containers. */
export interface FieldImage {
  readonly resource: Resource
  /** Where it is: its scalar, or the mapping that has its parts. */
  readonly path: FieldPath
  /** The image, or its repository, as it is spelled. */
  readonly spelled: string
  /** The first name by which its binding is looked up, before the keys of its path. */
  readonly name?: string
}

/** Matches images outside of containers with policies by their repositories, for one finder. */
export interface RepositoryMatcher {
  /**
   * Texts of which every item with such an image has at least one, if its repository is one text.
   */
  readonly mentions: readonly string[]
  /** Whether a policy may govern an image, as far as can be seen before the last marker. */
  mayGovern(spelled: string): boolean
  /**
   * The policy that governs an image; undefined if none does, or if it must be left alone, which is
   * reported.
   */
  policyOf(image: FieldImage, claims: Claims): ImagePolicy | undefined
  /** What would be governed by this policy is left alone, so that the policy is not idle. */
  excuse(policy: ImagePolicy): void
  readonly found: Pick<Found, 'excused' | 'repositories'>
}

/**
 * As for containers, of several policies with a repository the narrowest scope wins, then the
 * binding annotation, then the namespace of the resource. A binding names the last key of the
 * field's path, any key above it, or the resource: `fluxcd.io/policy.<key>`.
 */
export function repositoryMatcher(search: Search): RepositoryMatcher {
  const { policies, problems } = search
  const byRepository = groupBy(
    policies.filter(({ repository, container }) => repository !== '' && container === undefined),
    ({ repository }) => repository,
  )
  const namedIn = namedRepositories(byRepository.keys())
  const excused = new Set<ImagePolicy>()
  const repositories = new Set<string>()

  const governing = (candidates: readonly ImagePolicy[], image: FieldImage) => {
    const { resource, path } = image
    const place = placeOf(resource, formatPath(path))
    const { workload, name } = bindingFor(image, candidates, search)
    const bound = bindingOf(workload, name)
    if (bound !== undefined && namesUnused(bound, search)) {
      problems.inform(unusedProblem(bound), place)
      return undefined
    }
    const policy = problems.attempt(() =>
      governingPolicy(candidates, workload, name, path, problems.work),
    )
    const overruled = policy && overruledBinding(policy, workload, name)
    if (overruled !== undefined) problems.warn(overruled, place)
    return policy
  }

  return {
    mentions: [...byRepository.keys()].map(repositoryMention),
    mayGovern(spelled) {
      const repository = repositoryIn(spelled)
      if (repository === undefined) return namedIn(spelled).length > 0
      repositories.add(repository)
      return byRepository.has(repository)
    },
    policyOf(image, claims) {
      const { resource, path, spelled } = image
      const repository = repositoryIn(spelled)
      if (repository !== undefined) {
        const named = byRepository.get(repository) ?? []
        const candidates = named.filter(policy => !claims.markedPolicies.has(policy))
        return candidates.length === 0 ? undefined : governing(candidates, image)
      }
      const problem = `is left alone: "${spelled}" is not an image reference, though it names the repository of a policy`
      problems.warn(problem, placeOf(resource, formatPath(path)))
      for (const repository of namedIn(spelled))
        for (const policy of byRepository.get(repository) ?? []) excused.add(policy)
      return undefined
    },
    excuse: policy => excused.add(policy),
    found: { excused, repositories },
  }
}

/**
 * By which name the binding of a field is looked up: of the names that have a binding, the
 * innermost whose binding names a candidate, else one whose binding names no policy at all, which
 * is an error. The bindings of other images do not count.
 */
function bindingFor(
  { resource, path, name: first }: FieldImage,
  candidates: readonly ImagePolicy[],
  { policies }: Search,
): { readonly workload: Workload; readonly name: string } {
  const workload = outermost(resource)
  const keys = path.filter(step => typeof step === 'string').reverse()
  const names = [...(first === undefined ? [] : [first]), ...keys, resource.id.name]
  const bound = names.flatMap(name => {
    const binding = bindingOf(workload, name)
    return binding === undefined ? [] : [{ name, binding }]
  })
  const own =
    bound.find(({ binding }) => policiesNamed(binding, candidates).length > 0) ??
    bound.find(({ binding }) => policiesNamedOf(binding, policies).length === 0)
  if (own !== undefined) return { workload, name: own.name }
  // the name is shown as the remedy: one that is bound already can't have a second binding
  const [free = names[0] ?? ''] = names.filter(name => bindingOf(workload, name) === undefined)
  return { workload: bound.length === 0 ? workload : without(workload), name: free }
}

const without = (workload: Workload): Workload => ({ ...workload, annotations: new Map() })

import { formatPath } from '../../field-path.ts'
import { groupBy } from '../../group-by.ts'
import { parseImageReference } from '../../image/reference.ts'
import { canonicalRepository, repositoryMention } from '../../image/repository.ts'
import { placeOf, type Resource } from '../../krm/resource.ts'
import type { ImagePolicy } from '../../policy/image-policy.ts'
import { bindingOf, governingPolicy, overruledBinding } from '../govern.ts'
import { findPodImages, type PodImage } from '../pod-images.ts'
import { namesUnused, unusedProblem } from '../policy-name.ts'
import { namedRepositories } from '../replaceable.ts'
import type { Target } from '../target.ts'
import type { NewTargetFinder } from '../target-finder.ts'
import { vetoOf } from '../veto.ts'
import { nestedWorkloads, outermost, type Workload } from '../workload.ts'

/** An image of a pod that a policy may govern. */
interface Sighting {
  readonly resource: Resource
  /** If it is not the resource itself. */
  readonly nested: Workload | undefined
  readonly image: PodImage
  /**
   * The repository as it is spelled; undefined if the text is not an image reference, though it
   * names the repository of a policy.
   */
  readonly spelled: string | undefined
}

/**
 * The images of containers and image volumes whose repository is that of a policy without markers.
 */
export const pods: NewTargetFinder = search => {
  const { policies, config, problems } = search
  const byRepository = groupBy(
    policies.filter(({ repository }) => repository !== ''),
    ({ repository }) => repository,
  )
  const namedIn = namedRepositories(byRepository.keys())
  const isOn = config.targets.containers
  const sightings: Sighting[] = []
  const repositories = new Set<string>()
  const excused = new Set<ImagePolicy>()

  const isRelevant = (text: string, repository: string | undefined) =>
    repository === undefined ? namedIn(text).length > 0 : byRepository.has(repository)

  const targetOf = ({ resource, nested, image }: Sighting, policy: ImagePolicy): Target => {
    const { path, node, aliases, text, name } = image
    const veto = vetoOf(nested ?? resource)
    return {
      resource,
      path,
      offset: aliases?.[0]?.start ?? node.start,
      part: 'image',
      current: text,
      policy,
      pinned: text.includes('@'),
      ...(nested && { workload: nested }),
      container: name,
      ...(veto !== undefined && { veto }),
      ...(aliases && { shared: { node, aliases } }),
    }
  }

  return {
    mentions: isOn ? [...byRepository.keys()].map(repositoryMention) : [],
    look(resource, claims) {
      if (!isOn) return
      // if every policy has markers, no image is left to be governed; but what aliases make too
      // large is still refused
      const isNeeded = claims.markedPolicies.size < policies.length
      if (!isNeeded && resource.open().tree.aliases.length === 0) return
      const nestedAt = nestedWorkloads(resource)
      for (const image of problems.attempt(() => findPodImages(resource)) ?? []) {
        if (claims.isMarked(resource.document, image.node.start)) continue
        const spelled = parseImageReference(image.text)?.repository
        const repository = spelled && canonicalRepository(spelled)
        if (repository !== undefined) repositories.add(repository)
        if (!isRelevant(image.text, repository)) continue
        sightings.push({ resource, nested: nestedAt(image.path), image, spelled })
      }
    },
    finish(claims) {
      const targets: Target[] = []
      const unmarked = (repository: string) =>
        (byRepository.get(repository) ?? []).filter(policy => !claims.markedPolicies.has(policy))
      for (const sighting of sightings) {
        const { resource, nested, image, spelled } = sighting
        const { path, name, text } = image
        const place = placeOf(resource, formatPath(path))
        if (spelled === undefined) {
          problems.warn(
            `is left alone: "${text}" is not an image reference, though it names the repository of a policy`,
            place,
          )
          for (const repository of namedIn(text))
            for (const policy of byRepository.get(repository) ?? []) excused.add(policy)
          continue
        }
        const workload = nested ?? outermost(resource)
        const bound = bindingOf(workload, name)
        if (bound !== undefined && namesUnused(bound, search)) {
          problems.inform(unusedProblem(bound), place)
          continue
        }
        const entry = claims.coveredBy(spelled)
        const isFree =
          entry !== undefined || claims.claim(resource.document, image.node.start, image.aliases)
        if (!isFree) continue
        const policy = problems.attempt(() =>
          governingPolicy(
            unmarked(canonicalRepository(spelled)),
            workload,
            name,
            path,
            problems.work,
          ),
        )
        if (policy === undefined) continue
        const overruled = overruledBinding(policy, workload, name)
        if (overruled !== undefined) problems.warn(overruled, place)
        if (entry === undefined) targets.push(targetOf(sighting, policy))
        else {
          problems.inform(`is left alone: ${entry} sets its tag`, place)
          excused.add(policy)
        }
      }
      return { targets, excused, repositories }
    },
  }
}

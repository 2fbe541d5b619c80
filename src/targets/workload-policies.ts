import { parseImageReference } from '../image/reference.ts'
import { nearest } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { type ContainerRule, containerRules, readContainerRule } from '../policy/flux-v1.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Problems } from '../problems.ts'
import { findPodImages, type PodImage } from './pod-images.ts'

/** The policies that annotations of Flux v1 give to containers of their own workload. */
export function findWorkloadPolicies(
  resources: readonly Resource[],
  problems: Problems,
): readonly ImagePolicy[] {
  return resources
    .filter(({ document }) => document.writable)
    .flatMap(resource => {
      const rules = containerRules(resource)
      const images =
        rules.length === 0 ? [] : (problems.attempt(() => findPodImages(resource)) ?? [])
      return rules.flatMap(
        rule => problems.attempt(() => policyOf(resource, rule, images, problems)) ?? [],
      )
    })
}

function policyOf(
  resource: Resource,
  rule: ContainerRule,
  images: readonly PodImage[],
  problems: Problems,
): ImagePolicy | undefined {
  const image = images.find(({ name }) => name === rule.container)
  if (image === undefined) {
    const names = images.map(({ name }) => name)
    const closest = nearest(rule.container, names, problems.hints)
    const hint =
      closest === undefined
        ? `it has ${names.length === 0 ? 'none' : 'others'}`
        : `the closest one is "${closest}"`
    problems.warn(
      `governs nothing: the workload has no container "${rule.container}"; ${hint}`,
      placeOf(resource, `metadata.annotations[${rule.key}]`),
    )
    return undefined
  }
  const reference = parseImageReference(image.text)
  // not an image reference: there is nothing to choose for
  return reference && readContainerRule(resource, rule, reference.repository)
}

import { parseImageReference } from '../image/reference.ts'
import { nearest } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { type ContainerRule, containerRules, readContainerRule } from '../policy/flux-v1.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { newProblems, type Problems } from '../problems.ts'
import { findPodImages, type PodImage } from './pod-images.ts'
import { vetoOf } from './veto.ts'

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
      return rules.flatMap(rule => readRule(resource, rule, images, problems) ?? [])
    })
}

/** An error of a rule that is vetoed is only information: nothing follows from the rule. */
function readRule(
  resource: Resource,
  rule: ContainerRule,
  images: readonly PodImage[],
  problems: Problems,
): ImagePolicy | undefined {
  const read = (own: Problems) => own.attempt(() => policyOf(resource, rule, images, own))
  const veto = vetoOf(resource)
  if (veto === undefined) return read(problems)
  const asides = newProblems(problems)
  const policy = read(asides)
  for (const { problem, place } of [...asides.errors, ...asides.notices])
    problems.inform(`${problem}; nothing follows: ${veto}`, place)
  return policy
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

import { attempt, type FunctionError, type Notice } from '../errors.ts'
import { parseImageReference } from '../image/reference.ts'
import { nearest } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { containerRules, readContainerRule } from '../policy/flux-v1.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { findPodImages } from './containers.ts'

/** The policies that annotations of Flux v1 give to containers of their own workload. Every problem is collected. */
export function findWorkloadPolicies(resources: readonly Resource[]): {
  readonly policies: readonly ImagePolicy[]
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
} {
  const policies: ImagePolicy[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  for (const resource of resources.filter(({ emitted }) => emitted)) {
    const rules = containerRules(resource)
    const images = rules.length === 0 ? [] : findPodImages(resource)
    for (const rule of rules) {
      const image = images.find(({ name }) => name === rule.container)
      if (image === undefined) {
        const closest = nearest(
          rule.container,
          images.map(({ name }) => name),
        )
        const hint = closest === undefined ? 'it has none' : `the closest one is "${closest}"`
        const problem = `governs nothing: the workload has no container "${rule.container}"; ${hint}`
        notices.push({
          severity: 'warning',
          problem,
          place: placeOf(resource, `metadata.annotations[${rule.key}]`),
        })
        continue
      }
      const reference = parseImageReference(image.text)
      if (reference === undefined) continue // not an image reference: nothing to choose for
      const policy = attempt(() => readContainerRule(resource, rule, reference.repository), errors)
      if (policy !== undefined) policies.push(policy)
    }
  }
  return { policies, errors, notices }
}

import { FunctionError } from '../errors.ts'
import { type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import type { Resolution } from './resolution.ts'
import type { TagSource } from './tag-source.ts'

/**
 * The answer to a policy that pins a digest or follows a tag by its digest; undefined for any other policy. The registry must hold
 * what is pinned. Throws REGISTRY_FAILED, REGISTRY_DENIED.
 */
export async function resolveDigestPolicy(
  policy: ImagePolicy,
  source: TagSource,
): Promise<Resolution | undefined> {
  const { repository, access, image, pin, follow } = policy
  if (pin !== undefined) {
    const held = await source.digestOf(repository, pin, access)
    if (held !== pin) {
      const problem = `must be a digest that the registry holds, but "${repository}@${pin}" is ${held} there`
      throw new FunctionError('REGISTRY_FAILED', problem, policyPlace(policy, 'policy.digest'))
    }
    return {
      policy,
      image,
      digest: pin,
      source: 'registry',
      reason: 'the digest that the policy pins',
    }
  }
  if (follow !== undefined) {
    const digest = await source.digestOf(repository, follow, access)
    return {
      policy,
      image,
      tag: follow,
      digest,
      source: 'registry',
      reason: 'the tag that the policy follows',
    }
  }
  return undefined
}

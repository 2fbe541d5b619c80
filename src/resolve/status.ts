import { isDigest, isTag } from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'
import type { ChoiceSource } from './choice-source.ts'

/**
 * What Flux itself chose last: `status.latestRef`, if it is of the repository that the policy names
 * now.
 */
export const statusChoice: ChoiceSource = policy => {
  const { latestRef, repository } = policy
  if (latestRef === undefined) return 'has no `status.latestRef` of its present generation'
  const { name, tag, digest } = latestRef
  if (!isTag(tag)) return `has no tag in \`status.latestRef\`, but ${JSON.stringify(tag)}`
  if (canonicalRepository(name) !== repository)
    return `has a \`status.latestRef\` of another repository, ${JSON.stringify(name)}`
  return {
    policy,
    image: name,
    tag,
    ...(digest !== undefined && isDigest(digest) && { digest }),
    source: 'status',
    reason: 'what Flux chose, by status.latestRef',
  }
}

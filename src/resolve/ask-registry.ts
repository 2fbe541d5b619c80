import { FunctionError } from '../errors.ts'
import { isDigest, isTag } from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Choice, TagChooser } from '../policy/choose-tag.ts'
import {
  type AskedTags,
  formatPolicyId,
  type ImagePolicy,
  policyPlace,
  reflectsDigest,
} from '../policy/image-policy.ts'
import type { Pin } from '../policy/kinds/policy-kind.ts'
import { withHint } from '../policy/no-tag-chosen.ts'
import type { PolicyUse } from '../policy/policy-use.ts'
import type { Resolution } from './resolution.ts'
import type { TagSource } from './tag-source.ts'

/** What the registry's tags or digests make of a policy. */
export interface Answer {
  readonly resolution: Resolution
  readonly warnings: readonly Warning[]
}

/** A warning about a policy, or about the field at `field` below it. */
export interface Warning {
  readonly problem: string
  readonly field?: string
}

/**
 * The answer to a policy that governs something. Throws BAD_FIELD, NO_TAG_CHOSEN, REGISTRY_FAILED,
 * REGISTRY_DENIED.
 */
export async function askRegistry(
  use: PolicyUse,
  digests: FunctionConfig['digests'],
  source: TagSource,
): Promise<Answer> {
  const { policy } = use
  const { asks, image, repository, access } = policy
  const common = { policy, image, source: 'registry' } as const
  if (asks.kind === 'pin') {
    await checkPin(policy, asks, source)
    const reason = 'the digest that the policy pins'
    return { resolution: { ...common, digest: asks.digest, reason }, warnings: [] }
  }
  if (asks.kind === 'follow') {
    const digest = await source.digestOf(repository, asks.tag, access)
    const reason = 'the tag that the policy follows'
    return { resolution: { ...common, tag: asks.tag, digest, reason }, warnings: [] }
  }

  const chooser = await asks.chooser()
  const { scanTags } = await import('../policy/scan-tags.ts')
  const stored = scanTags(
    await source.listTags(repository, access),
    asks.exclusionList,
    access.place,
  )
  const { tag, build, passed, reason, ties } = chooseFrom(chooser, stored, policy)
  const digest = needsDigest(use, digests) ? await digestOf(policy, asks, tag, source) : undefined
  return {
    resolution: {
      ...common,
      tag,
      ...(digest !== undefined && { digest }),
      listed: stored.length,
      passed,
      ...(build !== undefined && { build }),
      isBelow: other => chooser.prefersOther(tag, other, stored) === true,
      reason,
    },
    warnings: [
      ...chooser.warnings(stored),
      ...(ties.length > 0 ? [tieWarning(policy, tag, ties)] : []),
    ],
  }
}

/** The registry must hold the pinned digest. Throws REGISTRY_FAILED. */
async function checkPin(policy: ImagePolicy, { digest, field }: Pin, source: TagSource) {
  const { repository, access } = policy
  const held = await source.digestOf(repository, digest, access)
  if (held === digest) return
  throw new FunctionError(
    'REGISTRY_FAILED',
    `must be a digest that the registry holds, but "${repository}@${digest}" is ${held} there`,
    policyPlace(policy, field),
  )
}

/**
 * The choice. An error that no tag can be chosen names the repository too. Only a tag may reach
 * YAML, whoever listed it.
 */
function chooseFrom(
  chooser: TagChooser,
  stored: readonly string[],
  { repository, access }: ImagePolicy,
): Choice {
  try {
    const choice = chooser.choose(stored)
    if (isTag(choice.tag)) return choice
    throw new FunctionError(
      'REGISTRY_FAILED',
      `must list tags, but ${repository} lists ${JSON.stringify(choice.tag)}`,
      access.place,
    )
  } catch (error) {
    if (!(error instanceof FunctionError) || error.code !== 'NO_TAG_CHOSEN') throw error
    throw withHint(error, ` (repository ${repository})`)
  }
}

function needsDigest(
  { policy, replacesDigest, fillsMarker }: PolicyUse,
  digests: FunctionConfig['digests'],
): boolean {
  if (digests === 'always') return true
  if (reflectsDigest(policy) && fillsMarker) return true
  return digests === 'policy' && (reflectsDigest(policy) || replacesDigest)
}

/** `IfNotPresent` keeps the digest that Flux recorded for an unchanged tag. */
async function digestOf(
  { latestRef, repository, access }: ImagePolicy,
  { digestReflectionPolicy }: AskedTags,
  tag: string,
  source: TagSource,
): Promise<string> {
  const isUnchanged = latestRef?.tag === tag && canonicalRepository(latestRef.name) === repository
  if (
    digestReflectionPolicy === 'IfNotPresent' &&
    isUnchanged &&
    latestRef.digest !== undefined &&
    isDigest(latestRef.digest)
  )
    return latestRef.digest
  return source.digestOf(repository, tag, access)
}

const tieWarning = (policy: ImagePolicy, tag: string, ties: readonly string[]): Warning => ({
  problem:
    `chose "${tag}", but ${ties.map(other => `"${other}"`).join(', ')} compare as equal, and Flux picks one of them at random ` +
    `(${formatPolicyId(policy.id)}); narrow the pattern that lets tags in, so that one is left`,
})

import { FunctionError, type Notice } from '../errors.ts'
import { isDigest, isTag } from '../image/reference.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Choice, TagChooser } from '../policy/choose-tag.ts'
import { formatPolicyId, type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import { resolveDigestPolicy } from './digest-policy.ts'
import type { Resolution } from './resolution.ts'
import { askedOnce, type TagSource } from './tag-source.ts'

/** A policy to be answered, and what its targets need of the answer. */
export interface Question {
  readonly policy: ImagePolicy
  /** False: no target waits for the answer, the policy is only checked. */
  readonly governs: boolean
  /** A target carries a digest, so it needs the new one whatever the policy says. */
  readonly pinned: boolean
}

export interface Resolved {
  readonly resolutions: ReadonlyMap<ImagePolicy, Resolution>
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
}

/**
 * Answers every question, or says why not: by the registry, or by what Flux itself chose (`source: status`). `openTagSource` is
 * called only when a registry has to be asked. All look-ups have ended when the promise resolves.
 */
export async function resolvePolicies(
  questions: readonly Question[],
  config: FunctionConfig,
  openTagSource: () => Promise<TagSource>,
): Promise<Resolved> {
  const resolutions = new Map<ImagePolicy, Resolution>()
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const warn = (policy: ImagePolicy, problem: string, field?: string) =>
    notices.push({ severity: 'warning', problem, place: policyPlace(policy, field) })

  const asked: Question[] = []
  for (const question of questions) {
    const { policy } = question
    if (!question.governs) {
      if (config.source !== 'status') asked.push(question)
    } else if (config.source === 'status' || policy.suspended) {
      const resolution = fromStatus(policy)
      if (resolution !== undefined) resolutions.set(policy, resolution)
      else if (policy.suspended)
        notices.push({ severity: 'info', problem: 'is suspended: what the manifests say stays', place: policyPlace(policy) })
      else warn(policy, 'has no `status.latestRef`, so nothing changes; ask the registry with `source: registry`')
    } else {
      asked.push(question)
    }
  }

  if (asked.length > 0) {
    const source = asked.some(({ governs }) => governs) ? askedOnce(await openTagSource()) : undefined
    const answers = await Promise.allSettled(asked.map(question => askRegistry(question, config, source)))
    answers.forEach((answer, index) => {
      const { policy } = asked[index] as Question
      if (answer.status === 'fulfilled') {
        if (answer.value === undefined) return
        resolutions.set(policy, answer.value.resolution)
        for (const { problem, field } of answer.value.warnings) warn(policy, problem, field)
      } else if (!(answer.reason instanceof FunctionError)) {
        throw answer.reason
      } else if (config.onError === 'keep-current' && isRegistryError(answer.reason)) {
        warn(policy, `stays at its current image, as \`onError: keep-current\` says: ${answer.reason.message}`)
      } else {
        errors.push(answer.reason)
      }
    })
  }
  return { resolutions, errors, notices }
}

const isRegistryError = ({ code }: FunctionError) => code === 'REGISTRY_FAILED' || code === 'REGISTRY_DENIED'

function fromStatus(policy: ImagePolicy): Resolution | undefined {
  const { latestRef } = policy
  if (latestRef === undefined || !isTag(latestRef.tag)) return undefined
  const digest = latestRef.digest !== undefined && isDigest(latestRef.digest) ? latestRef.digest : undefined
  return {
    policy,
    image: latestRef.name,
    tag: latestRef.tag,
    ...(digest !== undefined && { digest }),
    source: 'status',
    reason: 'what Flux chose, by status.latestRef',
  }
}

/** Worth saying of a policy, or of the field at \`field\` below it. */
interface Warning {
  readonly problem: string
  readonly field?: string
}

/** Undefined for a policy that governs nothing: then only its rule was read. */
async function askRegistry(
  { policy, governs, pinned }: Question,
  config: FunctionConfig,
  source: TagSource | undefined,
): Promise<{ readonly resolution: Resolution; readonly warnings: readonly Warning[] } | undefined> {
  const chooser = await policy.chooser()
  if (!governs || source === undefined) return undefined
  const resolution = await resolveDigestPolicy(policy, source)
  if (resolution !== undefined) return { resolution, warnings: [] }
  const { repository, access } = policy
  const { scanTags } = await import('../policy/scan-tags.ts')
  const listed = scanTags(await source.listTags(repository, access), policy.exclusionList, access.place)
  const choice = chooseFrom(chooser, listed, repository)
  const build = choice.groups['build'] ?? choice.number
  const wantsDigest = config.digests !== 'never' && (config.digests === 'always' || policy.digestReflectionPolicy !== 'Never' || pinned)
  const digest = wantsDigest ? await digestOf(policy, choice.tag, source) : undefined
  return {
    resolution: {
      policy,
      image: policy.image,
      tag: choice.tag,
      ...(digest !== undefined && { digest }),
      source: 'registry',
      listed: listed.length,
      passed: choice.passed,
      ...(build !== undefined && { build }),
      reason: choice.reason,
    },
    warnings: [...chooser.warnings(listed), ...(choice.ties.length > 0 ? [tieWarning(policy, choice.tag, choice.ties)] : [])],
  }
}

/** The choice; an error that no tag can be chosen names the repository too. */
function chooseFrom(chooser: TagChooser, listed: readonly string[], repository: string): Choice {
  try {
    return chooser.choose(listed)
  } catch (error) {
    if (!(error instanceof FunctionError) || error.code !== 'NO_TAG_CHOSEN') throw error
    const named = new FunctionError(error.code, `${error.problem} (repository ${repository})`, error.place, error)
    if (error.flux !== undefined) named.flux = error.flux
    throw named
  }
}

/** `IfNotPresent` keeps the digest that Flux recorded for an unchanged tag. */
async function digestOf(policy: ImagePolicy, tag: string, source: TagSource): Promise<string> {
  const { latestRef } = policy
  if (
    policy.digestReflectionPolicy === 'IfNotPresent' &&
    latestRef?.tag === tag &&
    latestRef.digest !== undefined &&
    isDigest(latestRef.digest)
  ) {
    return latestRef.digest
  }
  return source.digestOf(policy.repository, tag, policy.access)
}

const tieWarning = (policy: ImagePolicy, tag: string, ties: readonly string[]): Warning => ({
  problem:
    `chose "${tag}", but ${ties.map(other => `"${other}"`).join(', ')} compare as equal, and Flux picks one of them at random ` +
    `(${formatPolicyId(policy.id)}); narrow \`spec.filterTags.pattern\` so that one is left`,
})

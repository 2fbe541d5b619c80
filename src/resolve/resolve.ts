import { attemptAsync, FunctionError, type Notice } from '../errors.ts'
import { isDigest, isTag } from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { Choice, TagChooser } from '../policy/choose-tag.ts'
import { formatPolicyId, type ImagePolicy, policyPlace } from '../policy/image-policy.ts'
import type { Question } from '../policy/question.ts'
import { resolveDigestPolicy } from './digest-policy.ts'
import type { Resolution } from './resolution.ts'
import { statusChoice } from './status.ts'
import { askedOnce, type TagSource } from './tag-source.ts'

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
      const choice = statusChoice(policy)
      if (typeof choice !== 'string') {
        resolutions.set(policy, choice)
        if (config.digests === 'always' && choice.digest === undefined)
          warn(
            policy,
            'has no digest in `status.latestRef`, so `digests: always` can add none; ask the registry with `source: registry`',
          )
      } else if (policy.suspended) {
        notices.push({
          severity: 'info',
          problem: 'is suspended: what the manifests say stays',
          place: policyPlace(policy),
        })
      } else
        warn(
          policy,
          `${choice}, so nothing changes; let Flux choose again, or ask the registry with \`source: registry\``,
        )
    } else {
      asked.push(question)
    }
  }

  if (asked.length > 0) {
    const source = asked.some(({ governs }) => governs)
      ? await attemptAsync(async () => askedOnce(await openTagSource()), errors)
      : undefined
    const answers = await Promise.allSettled(
      asked.map(question => askRegistry(question, config, source)),
    )
    answers.forEach((answer, index) => {
      const { policy } = asked[index] as Question
      if (answer.status === 'fulfilled') {
        if (answer.value === undefined) return
        resolutions.set(policy, answer.value.resolution)
        for (const { problem, field } of answer.value.warnings) warn(policy, problem, field)
      } else if (!(answer.reason instanceof FunctionError)) {
        throw answer.reason
      } else if (config.onError === 'keep-current' && isRegistryError(answer.reason)) {
        warn(
          policy,
          `stays at its current image, as \`onError: keep-current\` says: ${answer.reason.message}`,
        )
      } else if (!errors.includes(answer.reason)) {
        errors.push(answer.reason) // policies of one repository share one failure
      }
    })
  }
  return { resolutions, errors, notices }
}

const isRegistryError = ({ code }: FunctionError) =>
  code === 'REGISTRY_FAILED' || code === 'REGISTRY_DENIED'

/** Worth saying of a policy, or of the field at \`field\` below it. */
interface Warning {
  readonly problem: string
  readonly field?: string
}

/** Undefined for a policy that governs nothing: then only its rule was read. */
async function askRegistry(
  { policy, governs, pinned, marked }: Question,
  config: FunctionConfig,
  source: TagSource | undefined,
): Promise<{ readonly resolution: Resolution; readonly warnings: readonly Warning[] } | undefined> {
  const chooser = await policy.chooser()
  if (!governs || source === undefined) return undefined
  const resolution = await resolveDigestPolicy(policy, source)
  if (resolution !== undefined) return { resolution, warnings: [] }
  const { repository, access } = policy
  const { scanTags } = await import('../policy/scan-tags.ts')
  const listed = scanTags(
    await source.listTags(repository, access),
    policy.exclusionList,
    access.place,
  )
  const choice = chooseFrom(chooser, listed, policy)
  const build = choice.groups.build ?? choice.number
  const reflects = policy.digestReflectionPolicy !== 'Never'
  const wantsDigest =
    (marked && reflects) ||
    config.digests === 'always' ||
    (config.digests === 'policy' && (reflects || pinned))
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
    warnings: [
      ...chooser.warnings(listed),
      ...(choice.ties.length > 0 ? [tieWarning(policy, choice.tag, choice.ties)] : []),
    ],
  }
}

/** The choice; an error that no tag can be chosen names the repository too. Nothing but a tag may reach YAML, whoever listed it. */
function chooseFrom(
  chooser: TagChooser,
  listed: readonly string[],
  { repository, access }: ImagePolicy,
): Choice {
  try {
    const choice = chooser.choose(listed)
    if (isTag(choice.tag)) return choice
    throw new FunctionError(
      'REGISTRY_FAILED',
      `must list tags, but ${repository} lists ${JSON.stringify(choice.tag)}`,
      access.place,
    )
  } catch (error) {
    if (!(error instanceof FunctionError) || error.code !== 'NO_TAG_CHOSEN') throw error
    const named = new FunctionError(
      error.code,
      `${error.problem} (repository ${repository})`,
      error.place,
      error,
    )
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
    canonicalRepository(latestRef.name) === policy.repository &&
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
    `(${formatPolicyId(policy.id)}); narrow the pattern that lets tags in, so that one is left`,
})

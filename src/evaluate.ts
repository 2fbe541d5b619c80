import type { FunctionError } from './errors.ts'
import { type Document, type DocumentOptions, openDocument, parseYamlText } from './krm/document.ts'
import { type FunctionConfig, type Mode, readFunctionConfig } from './krm/function-config.ts'
import { type Resource, wholeValue } from './krm/resource.ts'
import { secretTexts } from './krm/secret.ts'
import { fluxV1Annotations } from './policy/flux-v1.ts'
import { gatherPolicies } from './policy/gather.ts'
import type { ImagePolicy } from './policy/image-policy.ts'
import { policyMentions, referencedMentions } from './policy/mentions.ts'
import {
  kustomizationGroup,
  nearPolicyMentions,
  type PolicySearch,
  reportNearPolicies,
} from './policy/near-policies.ts'
import { policyFilter } from './policy/use-policies.ts'
import { type Notice, newProblems, type Problems } from './problems.ts'
import { lockMention, lockRefusal } from './resolve/lock.ts'
import type { Resolution } from './resolve/resolution.ts'
import { resolvePolicies } from './resolve/resolve.ts'
import type { TagSource } from './resolve/tag-source.ts'
import type { Change, Removal } from './rewrite/change.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { stripInlinePolicies } from './rewrite/strip.ts'
import { findTargets, workloadAnnotations } from './targets/find-targets.ts'
import { valuesHolders } from './targets/helm-values.ts'
import { markerMention } from './targets/marker.ts'
import { policyUses } from './targets/policy-uses.ts'
import type { Target } from './targets/target.ts'
import { findWorkloadPolicies } from './targets/workload-policies.ts'

/** What an evaluation needs of the world. */
export interface World {
  /** The mode if the functionConfig names none. */
  readonly mode: Mode
  /** Settings that win over the functionConfig, as strings: `['targets.markers', 'false']`. */
  readonly settings: readonly (readonly [key: string, value: string])[]
  /** Replaces the functionConfig if no document has one. */
  readonly functionConfig?: Document
  /** Where policies were looked for, other than in the input: for the message if there are none. */
  readonly policySearch?: PolicySearch
  /** Called only if a registry must be asked. */
  openTagSource(): Promise<TagSource>
}

/** What follows from the documents: everything that writers and reports are made from. */
export interface Evaluation {
  readonly config: FunctionConfig
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
  readonly resolutions: ReadonlyMap<ImagePolicy, Resolution>
  readonly changes: readonly Change[]
  readonly removals: readonly Removal[]
}

/** Opens an input for an evaluation. Throws BAD_INPUT. */
export const openFor = (
  bytes: Buffer,
  options: Pick<DocumentOptions, 'file' | 'writable'>,
): Promise<Document> =>
  openDocument(bytes, {
    ...options,
    mentions: [
      ...holderMentions,
      ...referencedMentions,
      ...nearPolicyMentions,
      kustomizationGroup,
      ...valuesHolders,
      ...secretTexts,
      markerMention,
    ],
    annotationPrefixes: [...workloadAnnotations, ...fluxV1Annotations],
  })

/** Texts of which every item that holds a policy or a lock has at least one. */
const holderMentions = [...policyMentions, lockMention]

/**
 * Evaluates the image policies of all documents for those that may be written. Only `resolve` uses the network, through the tag source;
 * all look-ups finish before the first change. Every problem is reported in `problems`, which may hold some already.
 */
export async function evaluate(
  documents: readonly Document[],
  world: World,
  problems: Problems = newProblems(),
): Promise<Evaluation> {
  const writable = documents.filter(document => document.writable)

  // read
  const { config, functionConfig, isSound } = await readConfig(documents, world, problems)
  if (config.strict) problems.refuseWarnings()
  const read = async (mentions: readonly string[]) =>
    (await Promise.all(documents.map(document => document.read(mentions, problems)))).flat()
  const holders = await read(holderMentions)

  // gather
  const filter = policyFilter(config.usePolicies, config.resource)
  const gathered = await gatherPolicies(holders, config, functionConfig, read, filter, problems)
  const ofWorkloads = findWorkloadPolicies(holders, problems).filter(({ id }) => filter.takes(id))
  filter.finish(problems)
  const policies = [...gathered.policies, ...ofWorkloads]
  const { unused } = gathered
  const isShared = isFromReadOnly(holders)
  const targets = await findTargets({
    documents: writable,
    policies,
    unused,
    isShared,
    config,
    problems,
  })
  const search = world.policySearch
  await reportNearPolicies(
    { documents, holders, policies, functionConfig, search },
    config,
    problems,
  )

  // resolve: no registry is asked if a lock should have answered, or if the functionConfig is wrong
  const refusal = lockRefusal(config, holders)
  if (refusal !== undefined) problems.fail(refusal)
  const waiting = refusal === undefined && isSound ? targets : []
  const resolutions = await resolveAll(policies, waiting, config, world, problems)

  // rewrite
  const changes = rewrite(targets, resolutions, config, problems)
  const removals = stripInlinePolicies(holders, config, problems)
  const { errors, notices } = problems
  return { config, errors, notices, resolutions, changes, removals }
}

/** Whether a policy was read from a document that is only read, such as a file of `--policies`, which several inputs can share. */
function isFromReadOnly(holders: readonly Resource[]): (policy: ImagePolicy) => boolean {
  const own = new Set(holders.filter(({ document }) => !document.writable).map(({ id }) => id))
  return ({ resource }) => own.has(resource)
}

/**
 * The answers to all policies. A policy whose only targets are vetoed (`fluxcd.io/locked`) is asked too, since people want to know what they
 * hold back, but nothing depends on its answer: if there is none, that is information. A rule that is wrong is an error all the same.
 */
async function resolveAll(
  policies: readonly ImagePolicy[],
  targets: readonly Target[],
  config: FunctionConfig,
  { openTagSource }: World,
  problems: Problems,
): Promise<ReadonlyMap<ImagePolicy, Resolution>> {
  const uses = policyUses(policies, targets)
  const needed = new Set(
    targets.filter(({ veto }) => veto === undefined).map(({ policy }) => policy),
  )
  const [held, others] = [
    uses.filter(({ policy, governs }) => governs && !needed.has(policy)),
    uses.filter(({ policy, governs }) => !governs || needed.has(policy)),
  ]
  const answers = await resolvePolicies(others, config, openTagSource, problems)
  if (held.length === 0) return answers
  const asides = newProblems()
  const more = await resolvePolicies(held, config, openTagSource, asides)
  const { errors, notices } = asides
  const isWrong = ({ code }: FunctionError) => code === 'BAD_FIELD'
  for (const error of errors.filter(isWrong)) problems.fail(error)
  const unanswered = errors.filter(error => !isWrong(error))
  for (const { problem, place } of [...unanswered, ...notices]) problems.inform(problem, place)
  return new Map([...answers, ...more])
}

/** The functionConfig of a ResourceList, else the one that replaces it, with the settings. `isSound`: nothing was wrong with it. */
async function readConfig(
  documents: readonly Document[],
  { functionConfig: replacement, settings, mode }: World,
  problems: Problems,
): Promise<{ config: FunctionConfig; functionConfig: Resource | undefined; isSound: boolean }> {
  const before = problems.errors.length
  const lists = documents.filter(({ writable, shape }) => writable && shape === 'ResourceList')
  let functionConfig: Resource | undefined
  for (const document of [...lists, ...(replacement ? [replacement] : [])])
    functionConfig ??= await problems.attemptAsync(() => document.functionConfig())
  const given = functionConfig && { id: functionConfig.id, value: wholeValue(functionConfig) }
  const config = await readFunctionConfig(given, settings, mode, parseYamlText, problems)
  return { config, functionConfig, isSound: problems.errors.length === before }
}

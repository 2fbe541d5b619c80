import type { FunctionError } from './errors.ts'
import type { Document } from './krm/document.ts'
import type { FunctionConfig } from './krm/function-config.ts'
import type { ImagePolicy } from './policy/image-policy.ts'
import type { PolicySearch } from './policy/near-policies.ts'
import { type Notice, newProblems, type Problems } from './problems.ts'
import { lockRefusal } from './resolve/lock.ts'
import type { Resolution } from './resolve/resolution.ts'
import type { TagSource } from './resolve/tag-source.ts'
import type { Change, Removal } from './rewrite/change.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { stripInlinePolicies } from './rewrite/strip.ts'
import { gatherTargets } from './steps/gather-targets.ts'
import { holderMentions } from './steps/open-for.ts'
import { type ConfigSource, readConfig } from './steps/read-config.ts'
import { resolveAll } from './steps/resolve-all.ts'

/** What an evaluation needs of the world. */
export interface World extends ConfigSource {
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

/**
 * Evaluates the image policies of all documents for those that may be written. Only `resolve` uses
 * the network, through the tag source; all look-ups finish before the first change. Every problem
 * is reported in `problems`, which may hold some already.
 */
export async function evaluate(
  documents: readonly Document[],
  world: World,
  problems: Problems = newProblems(),
): Promise<Evaluation> {
  // read
  const { config, functionConfig, isSound } = await readConfig(documents, world, problems)
  if (config.strict) problems.refuseWarnings()
  const read = async (mentions: readonly string[]) =>
    (await Promise.all(documents.map(document => document.read(mentions, problems)))).flat()
  const holders = await read(holderMentions)

  // gather
  const inputs = { documents, holders, config, functionConfig, search: world.policySearch }
  const { policies, targets } = await gatherTargets(inputs, read, problems)

  // resolve: no registry is asked if a lock should have answered, or if the functionConfig is wrong
  const refusal = lockRefusal(config, holders)
  if (refusal !== undefined) problems.fail(refusal)
  const waiting = refusal === undefined && isSound ? targets : []
  const resolutions = await resolveAll(policies, waiting, config, world.openTagSource, problems)

  // rewrite
  const changes = rewrite(targets, resolutions, config, problems)
  const removals = stripInlinePolicies(holders, config, problems)
  const { errors, notices } = problems
  return { config, errors, notices, resolutions, changes, removals }
}

import { attemptAsync, exitCodeOf, FunctionError, type Notice } from './errors.ts'
import { type Document, openDocument, parseYamlText } from './krm/document.ts'
import { type Mode, readFunctionConfig } from './krm/function-config.ts'
import { replaceResults } from './krm/replace-results.ts'
import { wholeValue } from './krm/resource.ts'
import type { Result } from './krm/results.ts'
import { gatherPolicies } from './policy/gather.ts'
import { policyMentions, referencedMentions } from './policy/mentions.ts'
import { newProblems } from './problems.ts'
import { formatResults } from './report/results.ts'
import { formatStderr } from './report/stderr.ts'
import { lockMention, lockRefusal } from './resolve/lock.ts'
import { resolvePolicies } from './resolve/resolve.ts'
import type { TagSource } from './resolve/tag-source.ts'
import type { Change } from './rewrite/change.ts'
import { editsOf } from './rewrite/edits.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { stripInlinePolicies } from './rewrite/strip.ts'
import { findTargets } from './targets/find-targets.ts'
import { markerNeedle } from './targets/markers.ts'
import { targetNeedles } from './targets/needles.ts'
import { usesOf } from './targets/questions.ts'
import { findWorkloadPolicies } from './targets/workload-policies.ts'
import { applyEdits, type Edit } from './yaml/edit/splice.ts'

export { type Input, newInput } from './yaml/locate/input-buffer.ts'

/** What one run needs of the world. */
export interface World {
  /** The function that is run where the functionConfig does not say. */
  readonly mode: Mode
  /** Settings that win over the functionConfig, as strings: `['targets.markers', 'false']`. */
  readonly settings: readonly (readonly [key: string, value: string])[]
  /** Stands in for the functionConfig where the input has none. */
  readonly config?: FileInput
  /** Read for their policies, never put out. */
  readonly policies: readonly FileInput[]
  /** Called only when a registry has to be asked. What the source has to say on the way goes to `say`. */
  openTagSource(shape: Shape, say: (notice: Notice) => void): Promise<TagSource>
}

export interface FileInput {
  readonly file: string
  readonly bytes: Buffer
}

export type Shape = 'ResourceList' | 'stream'

/** What one run answers. `output` is the whole of stdout in pieces, texts and bytes; none after an error on a stream. */
export interface Outcome {
  readonly output: Iterable<Buffer | string>
  /** In pieces, to be asked for once. */
  readonly stderr: Iterable<string>
  readonly exitCode: number
  readonly changes: readonly Change[]
  readonly results: Iterable<Result>
}

/** What is looked for in any input, all in one pass over its bytes. */
const needles = [...policyMentions, ...referencedMentions, lockMention, markerNeedle]

/** One invocation: read, gather, resolve, rewrite, write. Only resolve touches the network, through the tag source. */
export async function run(input: Buffer, world: World): Promise<Outcome> {
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  const collect = <
    T extends { readonly errors?: readonly FunctionError[]; readonly notices?: readonly Notice[] },
  >(
    step: T,
  ): T => {
    for (const error of step.errors ?? []) errors.push(error)
    for (const notice of step.notices ?? []) notices.push(notice)
    return step
  }

  // read
  const document = await attemptAsync(() => openDocument(input, { emitted: true, needles }), errors)
  const others = await Promise.all(
    world.policies.map(({ file, bytes }) =>
      attemptAsync(() => openDocument(bytes, { file, emitted: false, needles }), errors),
    ),
  )
  const documents = [document, ...others].filter(opened => opened !== undefined)
  const { config, functionConfig, errors: misconfigured } = collect(await configOf(document, world))
  const read = async (needles: readonly string[]) =>
    (await Promise.all(documents.map(opened => opened.read(needles, errors)))).flat()
  const each = (needles: readonly string[]) => document?.each(needles, errors) ?? []

  // gather
  const holders = await read([...policyMentions, lockMention])
  const gathering = newProblems()
  const shared = await gatherPolicies(holders, config, functionConfig, read, gathering)
  collect(gathering)
  const { policies: own } = collect(findWorkloadPolicies(holders))
  const policies = [...shared, ...own]
  const { targets, idle } = collect(
    await findTargets(each(targetNeedles(policies, config)), policies, config, document?.outline),
  )
  if (errors.length === 0) notices.push(...idle)

  // resolve: nobody is asked where a lock should have answered, or where the functionConfig does not say what is meant
  const refusal = lockRefusal(config, holders)
  if (refusal !== undefined) errors.push(refusal)
  const waiting = refusal === undefined && misconfigured.length === 0 ? targets : []
  const openTagSource = () =>
    world.openTagSource(document?.outline.shape ?? 'stream', notice => notices.push(notice))
  const resolving = newProblems()
  const resolutions = await resolvePolicies(
    usesOf(policies, waiting),
    config,
    openTagSource,
    resolving,
  )
  collect(resolving)

  // rewrite
  const { changes } = collect(rewrite(targets, resolutions, config))
  const { edits: changed } = collect(editsOf(changes))
  const { edits: stripped } = collect(stripInlinePolicies(holders, config))
  const edits = [...changed, ...stripped]

  // write
  const findings = {
    ...(config.strict ? strictly(errors, notices) : { errors, notices }),
    resolutions: [...resolutions.values()],
    changes,
  }
  const results = formatResults(findings, config.mode)
  const failed = findings.errors.length > 0
  const outdated = config.mode === 'check' && changes.length > 0
  return {
    output:
      document === undefined
        ? []
        : write(
            document,
            failed || outdated ? 'unchanged' : config.mode === 'check' ? [] : edits,
            results,
          ),
    stderr: formatStderr(findings, config.mode),
    exitCode: failed ? exitCodeOf(findings.errors) : outdated ? 2 : 0,
    changes: failed ? [] : changes,
    results,
  }
}

/** The functionConfig of a ResourceList, else the file that stands in for it. */
async function configOf(document: Document | undefined, { config: file, settings, mode }: World) {
  const errors: FunctionError[] = []
  const own =
    document?.outline.shape === 'ResourceList'
      ? await attemptAsync(() => document.functionConfig(), errors)
      : undefined
  const given =
    own ??
    (file &&
      (await attemptAsync(
        async () =>
          (await openDocument(file.bytes, { file: file.file, emitted: false })).functionConfig(),
        errors,
      )))
  const read = await readFunctionConfig(
    given && { id: given.id, value: wholeValue(given) },
    settings,
    mode,
    parseYamlText,
  )
  return { config: read.config, errors: [...errors, ...read.errors], functionConfig: given }
}

/** A ResourceList always goes out, with results; a stream only when all went well: a `kubectl apply` may follow. */
function write(
  { outline }: Document,
  edits: readonly Edit[] | 'unchanged',
  results: Iterable<Result>,
): Iterable<Buffer | string> {
  if (outline.shape === 'stream')
    return edits === 'unchanged' ? [] : applyEdits(outline.bytes, edits)
  return applyEdits(outline.bytes, [
    ...(edits === 'unchanged' ? [] : edits),
    ...replaceResults(outline, results),
  ])
}

/** Warnings as errors. */
function strictly(errors: readonly FunctionError[], notices: readonly Notice[]) {
  const warnings = notices.filter(({ severity }) => severity === 'warning')
  const refused = warnings.map(
    ({ problem, place }) =>
      new FunctionError('BAD_FIELD', `${problem} (an error because of \`strict\`)`, place),
  )
  return {
    errors: [...errors, ...refused],
    notices: notices.filter(({ severity }) => severity !== 'warning'),
  }
}

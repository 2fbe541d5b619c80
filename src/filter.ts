import { exitCodeOf } from './errors.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import type { Document } from './krm/document.ts'
import type { Mode } from './krm/function-config.ts'
import type { Result } from './krm/result.ts'
import type { PolicySearch } from './policy/near-policies.ts'
import { newProblems, type Problems } from './problems.ts'
import { formatResults } from './report/results.ts'
import { formatStderr, type Verbosity } from './report/stderr.ts'
import type { TagSource } from './resolve/tag-source.ts'
import type { Change } from './rewrite/change.ts'
import { openFor } from './steps/open-for.ts'
import { editsOf } from './write/edits-of.ts'
import { writeResourceList } from './write/resource-list.ts'
import { writeStream } from './write/stream.ts'
import type { Edit } from './yaml/edit/splice.ts'

export interface FilterOptions {
  /** The function that is run if the functionConfig does not name one. */
  readonly mode: Mode
  /** Settings that win over the functionConfig, as strings: `['targets.markers', 'false']`. */
  readonly settings: readonly (readonly [key: string, value: string])[]
  /** Replaces the functionConfig if the input has none. */
  readonly config?: InputFile
  /** Read for their policies, never written. */
  readonly policies: readonly InputFile[]
  /** Where these files come from. */
  readonly policySearch?: PolicySearch
  /** How much is reported on stderr. */
  readonly verbosity?: Verbosity
  /**
   * Called only if a registry must be asked. What the source has to report on the way goes to
   * `problems`.
   */
  openTagSource(shape: Document['shape'], problems: Problems): Promise<TagSource>
}

export interface InputFile {
  readonly file: string
  readonly bytes: Buffer
}

/** What the function or the filter answers. */
export interface Filtered {
  /** All of stdout, in pieces; none after an error on a stream. */
  readonly output: Iterable<Buffer | string>
  /** In pieces, which can be read once. */
  readonly stderr: Iterable<string>
  readonly exitCode: number
  readonly changes: readonly Change[]
  readonly results: Iterable<Result>
}

/**
 * The function (for a ResourceList) and the filter (for a stream): one input, and output of the
 * same kind.
 */
export async function filter(
  input: Buffer,
  { mode, settings, config, policies, policySearch, verbosity, openTagSource }: FilterOptions,
): Promise<Filtered> {
  const problems = newProblems()
  const open = ({ file, bytes }: InputFile) =>
    problems.attemptAsync(() => openFor(bytes, { file, writable: false }))
  const document = await problems.attemptAsync(() => openFor(input, { writable: true }))
  const others = await Promise.all(policies.map(open))
  const functionConfig = config && (await open(config))
  const documents = [document, ...others].filter(opened => opened !== undefined)

  const shape = document?.shape ?? 'stream'
  const evaluation = await evaluate(
    documents,
    {
      mode,
      settings,
      ...(functionConfig && { functionConfig }),
      ...(policySearch && { policySearch }),
      openTagSource: () => openTagSource(shape, problems),
    },
    problems,
  )
  const edits = editsFor(evaluation, problems)
  const results = formatResults(evaluation)
  const exitCode = exitCodeFor(evaluation)
  const own = (document && edits.get(document)) ?? []
  return {
    output: document === undefined ? [] : write(document, evaluation, exitCode, own, results),
    stderr: formatStderr(evaluation, verbosity),
    exitCode,
    changes: evaluation.errors.length > 0 ? [] : evaluation.changes,
    results,
  }
}

/**
 * A check writes nothing and judges images only, so a mapping that can't get an annotation does not
 * fail it.
 */
function editsFor({ changes, removals, config }: Evaluation, problems: Problems) {
  if (config.mode === 'apply') return editsOf(changes, removals, problems)
  return editsOf(
    changes.filter(({ kind }) => kind === 'image'),
    [],
    problems,
  )
}

/**
 * 2 if a check found updates: it judges images, since rendered manifests never have the annotations
 * that record them.
 */
function exitCodeFor({ errors, changes, config }: Evaluation): number {
  if (errors.length > 0) return exitCodeOf(errors)
  return config.mode === 'check' && changes.some(({ kind }) => kind === 'image') ? 2 : 0
}

/**
 * A ResourceList is always written, with results; a stream only if all went well: a `kubectl apply`
 * may follow.
 */
function write(
  { outline }: Document,
  { config }: Evaluation,
  exitCode: number,
  edits: readonly Edit[],
  results: Iterable<Result>,
): Iterable<Buffer | string> {
  const applied = exitCode !== 0 || config.mode === 'check' ? [] : edits
  if (outline.shape === 'ResourceList') return writeResourceList(outline, applied, results)
  return exitCode === 0 ? writeStream(outline.bytes, applied) : []
}

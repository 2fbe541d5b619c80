import { exitCodeOf, FunctionError } from '../errors.ts'
import { type Filtered, filter } from '../filter.ts'
import type { Mode } from '../krm/function-config.ts'
import { formatMessage } from '../report/escape.ts'
import { newInput } from '../yaml/locate/input-buffer.ts'
import { isOutOfMemory } from '../yaml/parse/wasm.ts'
import type { Arguments } from './arguments.ts'
import { optimiseLater } from './optimise-later.ts'
import { writePieces } from './output.ts'
import { progressLine } from './progress-line.ts'
import { exitOnSignals, isFirstProcess, withoutSignals } from './signals.ts'
import { readStdin } from './stdin.ts'
import { isTerminal } from './terminal.ts'

declare const __VERSION__: string

/** Runs one invocation of the program and ends the process with its exit code. */
export async function main(mode: Mode, argv: readonly string[]): Promise<void> {
  exitOnSignals()
  process.exit(await invoke(mode, argv))
}

async function invoke(mode: Mode, argv: readonly string[]): Promise<number> {
  const secrets: Secrets = { hide: text => text }
  try {
    const asked = await read(argv)
    if (asked.version) return say(1, `${__VERSION__}\n`)
    const nothingPiped = isTerminal('stdin')
    if (asked.help || (nothingPiped && argv.length === 0))
      return say(1, (await import('./help.ts')).help)
    if (nothingPiped)
      throw new FunctionError(
        'BAD_ARGUMENT',
        'manifests are read from stdin, got a terminal: pipe them in, or use `< FILE`; see image-policy --help',
      )
    return await serve(mode, asked, secrets)
  } catch (error) {
    if (error instanceof FunctionError) {
      say(2, `error: ${formatMessage(error.message)}\n`)
      return exitCodeOf([error])
    }
    if (isOutOfMemory(error)) {
      const remedy = 'raise `ulimit -v` or the memory limit, or pass less at once'
      say(2, `error: image-policy must be able to allocate memory, got none; ${remedy}\n`)
      return 1
    }
    const stack = secrets.hide(String(error instanceof Error ? error.stack : error))
    say(2, `error: a bug in image-policy, please report it: ${formatMessage(stack)}\n`)
    return 70
  }
}

/** Hides the secrets that were sent so far, once a registry is asked. */
interface Secrets {
  hide: (text: string) => string
}

/**
 * What the arguments ask for. Nothing is loaded if there are none, as hosts start the program.
 * Throws BAD_ARGUMENT.
 */
async function read(argv: readonly string[]): Promise<Arguments> {
  if (argv.length === 0) return noArguments
  const { correctedCommand, parseArguments } = await import('./from-arguments.ts')
  try {
    return parseArguments(argv)
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error
    const command = correctedCommand(argv)
    const advice = command === undefined ? 'see image-policy --help' : `did you mean: ${command}`
    throw new FunctionError(error.code, `${error.problem}; ${advice}`)
  }
}

const noArguments: Arguments = {
  help: false,
  version: false,
  settings: [],
  policies: [],
  verbosity: 'normal',
}

async function serve(mode: Mode, asked: Arguments, secrets: Secrets): Promise<number> {
  const progress = isTerminal('stderr') ? progressLine(process.stderr.columns || 80) : undefined
  const most = mostInput(asked)
  const input = await readStdin(newInput(), most)
  if (input.length > most)
    return await (await import('./child-process.ts')).runChild({ read: input })
  await optimiseLater(input.length)
  const replacement = asked.output === undefined ? undefined : await openReplacement(asked.output)
  const outcome = await filter(input, {
    mode,
    settings: asked.settings,
    ...(await readNamedFiles(asked)),
    verbosity: asked.verbosity,
    // loaded only if a policy asks a registry: it takes longer than the rest of the start
    openTagSource: async (shape, problems) => {
      const { operatorTagSource } = await import('../registry/operator-tag-source.ts')
      const source = operatorTagSource(process.env, shape, {
        onWarning: problems.warn,
        onInfo: problems.inform,
        ...(progress && { onProgress: progress.show }),
      })
      secrets.hide = source.hideSecrets
      return progress ? progress.watch(source) : source
    },
  })
  progress?.clear()
  return replacement === undefined ? writeStdout(outcome) : replacement(outcome)
}

/**
 * How much input this process computes with. No signal gets through while it computes, so the first
 * process of a container leaves what may take longer than a moment to a child, which a signal ends.
 */
function mostInput({ policies }: Arguments): number {
  if (!isFirstProcess) return Number.POSITIVE_INFINITY
  return policies.length === 0 ? 1_000_000 : 0
}

/** The files that the arguments name. Throws BAD_ARGUMENT. */
async function readNamedFiles({ policies, config }: Arguments) {
  if (policies.length === 0 && config === undefined) return { policies: [] }
  const { readConfigFile, readPolicyFiles } = await import('./from-arguments.ts')
  const { files, search } = readPolicyFiles(policies)
  return {
    policies: files,
    policySearch: search,
    ...(config !== undefined && { config: readConfigFile(config) }),
  }
}

function writeStdout({ stderr, output, exitCode }: Filtered): number {
  writePieces(2, stderr)
  if (writePieces(1, output)) return exitCode
  say(2, 'error: stdout must take all that is written, but was closed before the end\n')
  return exitCode === 0 ? 1 : exitCode
}

/** How the output replaces a file if the run succeeds. Throws BAD_ARGUMENT. */
async function openReplacement(path: string): Promise<(outcome: Filtered) => number> {
  const { replaceable, replaceFile } = await import('./from-arguments.ts')
  const target = replaceable(path)
  return ({ stderr, output, exitCode }) => {
    if (exitCode === 0)
      withoutSignals(() =>
        replaceFile(target, descriptor => {
          writePieces(descriptor, output, path)
        }),
      )
    writePieces(2, stderr)
    return exitCode
  }
}

function say(descriptor: number, text: string): number {
  writePieces(descriptor, [text])
  return 0
}

import { exitCodeOf, FunctionError } from '../errors.ts'
import { filter } from '../filter.ts'
import type { Mode } from '../krm/function-config.ts'
import { formatMessage } from '../report/escape.ts'
import { readFiles } from '../workspace/policy-files.ts'
import { newInput } from '../yaml/locate/input-buffer.ts'
import { type Arguments, parseArguments } from './arguments.ts'
import { optimiseLater } from './optimise-later.ts'
import { writePieces } from './output.ts'
import { progressLine } from './progress-line.ts'
import { readStdin } from './stdin.ts'
import { isTerminal } from './terminal.ts'

declare const __VERSION__: string

/** Runs one invocation of the program and ends the process with its exit code. */
export async function main(mode: Mode, argv: readonly string[]): Promise<void> {
  // the first process of a container has no default action for signals
  for (const [signal, number] of signals) process.on(signal, () => process.exit(128 + number))
  process.exit(await invoke(mode, argv))
}

const signals = [
  ['SIGTERM', 15],
  ['SIGINT', 2],
] as const

async function invoke(mode: Mode, argv: readonly string[]): Promise<number> {
  try {
    const asked = parseArguments(argv)
    if (asked.version) return say(1, `${__VERSION__}\n`)
    if (asked.help || isTerminal('stdin')) return say(1, (await import('./help.ts')).help)
    return await serve(mode, asked)
  } catch (error) {
    if (error instanceof FunctionError) {
      say(2, `error: ${formatMessage(error.message)}\n`)
      return exitCodeOf([error])
    }
    say(
      2,
      `error: a bug in image-policy, please report it: ${error instanceof Error ? error.stack : String(error)}\n`,
    )
    return 70
  }
}

async function serve(mode: Mode, { config, settings, policies }: Arguments): Promise<number> {
  const progress = isTerminal('stderr') ? progressLine() : undefined
  const input = await readStdin(newInput())
  await optimiseLater(input.length)
  const outcome = await filter(input, {
    mode,
    settings,
    policies: policies.flatMap(readFiles),
    ...(config !== undefined && { config: readFiles(config)[0] }),
    // loaded when a policy really asks: most of the start-up time is here
    openTagSource: async (shape, problems) => {
      const { operatorTagSource } = await import('../registry/operator-tag-source.ts')
      return operatorTagSource(process.env, shape, {
        onWarning: problems.warn,
        onInfo: problems.inform,
        ...(progress && { onProgress: progress.show }),
      })
    },
  })
  progress?.clear()
  for (const [signal] of signals) process.removeAllListeners(signal) // no handler runs while a write waits for a reader that has stopped reading
  writePieces(2, outcome.stderr)
  writePieces(1, outcome.output)
  return outcome.exitCode
}

function say(descriptor: number, text: string): number {
  writePieces(descriptor, [text])
  return 0
}

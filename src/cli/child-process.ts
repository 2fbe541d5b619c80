import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { FunctionError } from '../errors.ts'
import { writePieces } from './output.ts'
import { redirectSignals } from './signals.ts'

interface ChildOptions {
  /** What was read of stdin. The rest follows from the stream. */
  readonly read?: Buffer
  /** Options of Node, added to those of this process. */
  readonly nodeOptions?: readonly string[]
}

/**
 * Runs the program again, as a child process with the same arguments, environment, stdout and
 * stderr. Passes signals on. Returns the exit code. Throws BAD_ARGUMENT if no process can be
 * started.
 */
export function runChild({ read, nodeOptions = [] }: ChildOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const command = [...nodeOptions, ...process.execArgv, ...process.argv.slice(1)]
    const child = spawn(process.execPath, command, {
      stdio: [read === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    })
    redirectSignals(signal => child.kill(signal))
    child.on('error', error => {
      const problem = `image-policy must be able to start a process, got ${error.message}`
      reject(new FunctionError('BAD_ARGUMENT', problem, undefined, error))
    })
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal as NodeJS.Signals]),
    )
    if (child.stdin === null) return
    child.stdin.on('error', () => {}) // the child has ended, and reports why
    child.stdin.write(read)
    // with `end`, Node compares the stream with process.stdout, whose getter makes stdout
    // non-blocking
    process.stdin.pipe(child.stdin, { end: false })
    process.stdin.on('end', () => child.stdin?.end())
  })
}

/**
 * What to do if the program could not be loaded. If there is too little address space for
 * WebAssembly, which reserves 10 GB for each memory to save bounds checks, runs the program again
 * with bounds checks. Ends the process with its exit code. Throws any other error.
 */
export async function runWithBoundsChecks(error: unknown): Promise<void> {
  if (!(error instanceof Error && error.cause instanceof RangeError)) throw error
  if (process.execArgv.includes(boundsChecks)) {
    writePieces(2, [`error: ${error.message}\n`])
    process.exit(1)
  }
  process.exit(await runChild({ nodeOptions: [boundsChecks] }))
}

const boundsChecks = '--disable-wasm-trap-handler'

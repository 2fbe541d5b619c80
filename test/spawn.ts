import { spawn } from 'node:child_process'

/** How a process ended, and all that it wrote. */
export interface Finished {
  readonly stdout: string
  readonly stderr: string
  /** Null when a signal ended it. */
  readonly code: number | null
}

export interface SpawnOptions {
  readonly input?: string | Buffer
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Runs a program to its end. `env` is added to this process's own. */
export function spawnToEnd(
  command: string,
  args: readonly string[],
  { input = '', cwd, env }: SpawnOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', chunk => stdout.push(chunk))
    child.stderr.on('data', chunk => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', code =>
      resolve({
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        code,
      }),
    )
    child.stdin.on('error', () => {}) // a program may end without reading its input
    child.stdin.end(input)
  })
}

/** The same, for a step that has to succeed. */
export async function spawnWell(
  command: string,
  args: readonly string[],
  options?: SpawnOptions,
): Promise<Finished> {
  const finished = await spawnToEnd(command, args, options)
  if (finished.code !== 0)
    throw new Error(
      `${command} ${args.join(' ')}: exit code ${finished.code}\n${finished.stdout}${finished.stderr}`,
    )
  return finished
}

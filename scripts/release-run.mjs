// Runs the tools of a release.
import { spawnSync } from 'node:child_process'

/** What a command writes to stdout. Throws an error with its stderr if it fails. */
export function outputOf(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  })
  if (error?.code === 'ENOENT') throw new Error(`${command} must be on PATH`)
  if (error) throw error
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stdout}${stderr}`)
  return stdout.trim()
}

/** An error for stderr. */
export const linesOf = error => `error: ${error.message.trimEnd()}\n`

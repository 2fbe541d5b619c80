import { spawn } from 'node:child_process'
import { dirname } from 'node:path'

/** The answer of `docker-credential-<name> get`. */
export type HelperAnswer =
  | { readonly kind: 'found'; readonly username: string; readonly secret: string }
  | { readonly kind: 'notFound' }
  /** A login without a secret. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'notInstalled' }
  /** Its store waits for a password, which only a person can enter. */
  | { readonly kind: 'locked' }
  /** `reason` never holds output of the helper. */
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Runs a docker credential helper: `serverUrl` on its stdin, JSON on its stdout. No shell; limited
 * to `timeout` milliseconds and 64 KiB. `name` must have been checked against `helperName`. Source:
 * docker/docker-credential-helpers, README.
 */
export function runHelper(
  name: string,
  serverUrl: string,
  env: NodeJS.ProcessEnv,
  timeout = 10_000,
): Promise<HelperAnswer> {
  return new Promise(resolve => {
    const helper = spawn(`docker-credential-${name}`, ['get'], {
      env,
      // Windows searches the working directory first, where a pull request can put a program
      cwd: dirname(process.execPath),
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    let output = ''
    const give = (answer: HelperAnswer) => {
      clearTimeout(timer)
      helper.stdout.destroy() // a child of the helper may keep it open
      helper.kill('SIGKILL')
      resolve(answer)
    }
    const timer = setTimeout(
      () => give({ kind: 'failed', reason: `gave no answer in ${timeout / 1000} s` }),
      timeout,
    )

    helper.on('error', (error: NodeJS.ErrnoException) => {
      const absent = error.code === 'ENOENT' || error.code === 'EACCES'
      give(
        absent
          ? { kind: 'notInstalled' }
          : { kind: 'failed', reason: `could not be started (${error.code})` },
      )
    })
    helper.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.length > 65_536) give({ kind: 'failed', reason: 'printed more than 64 KiB' })
    })
    helper.on('close', (code, signal) =>
      give(code === 0 ? readOutput(output) : readFailure(output, code ?? signal)),
    )
    // the helper may end without reading; its exit code is the reason
    helper.stdin.on('error', () => {})
    helper.stdin.end(serverUrl)
  })
}

/** Valid names of a helper, because the name becomes part of a program's name. */
export const helperName = /^[A-Za-z0-9._-]+$/

function readOutput(output: string): HelperAnswer {
  try {
    const { Username, Secret } = JSON.parse(output)
    if (typeof Username === 'string' && typeof Secret === 'string') {
      return Secret === ''
        ? { kind: 'empty' }
        : { kind: 'found', username: Username, secret: Secret }
    }
  } catch {
    // without the engine's message, which quotes the output
  }
  return { kind: 'failed', reason: 'must print JSON with `Username` and `Secret`' }
}

function readFailure(output: string, status: number | string | null): HelperAnswer {
  if (output.trim() === 'credentials not found in native keychain') return { kind: 'notFound' }
  if (locked.test(output)) return { kind: 'locked' }
  return {
    kind: 'failed',
    reason: `ended with ${typeof status === 'number' ? `exit code ${status}` : status}`,
  }
}

/**
 * How the stores of macOS, GNOME and KDE, and GnuPG below `pass`, report that they are locked.
 * Source: docker/docker-credential-helpers, osxkeychain, secretservice and pass.
 */
const locked =
  /\blocked\b|user interaction is not allowed|interaction with the security server is not allowed|cannot autolaunch d-bus|no secret key|inappropriate ioctl|no pinentry/i

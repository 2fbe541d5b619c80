// Runs programs in turn, from a stdin file to a stdout file, and reports their time and memory.
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env // Node 20 parses it at every start, which takes longer than the start itself

export const data = new URL('data/', import.meta.url).pathname

/** The path of a program on PATH or in bench/data/bin. */
export function installed(name) {
  const folders = [`${data}bin`, ...(env.PATH ?? '').split(delimiter)]
  return folders.map(folder => join(folder, name)).find(path => existsSync(path))
}

function files(input) {
  const opened = [
    openSync(input, 'r'),
    openSync(`${data}stdout`, 'w'),
    openSync(`${data}stderr`, 'w'),
  ]
  return { stdio: opened, close: () => opened.forEach(closeSync) }
}

function succeeded(command, code) {
  if (code !== 0)
    throw new Error(
      `${command.join(' ')}: exit code ${code}\n${readFileSync(`${data}stderr`, 'utf8').slice(0, 2000)}`,
    )
}

/**
 * bash measures the time, because Node does not report the processor time of a child. The start of
 * bash is not counted.
 */
const timed = `exec 3>&2 2>"$0"; TIMEFORMAT='%3R %3U %3S'; time "$@" 2>&3`

/**
 * Milliseconds of one run of the whole process: wall-clock time, and processor time, which other
 * work on the machine hardly changes. A program can have its own input, `stdin`, and a step
 * `before`.
 */
export function time({ command, before, stdin }, input) {
  before?.()
  const { stdio, close } = files(stdin ?? input)
  const { status } = spawnSync('bash', ['-c', timed, `${data}times`, ...command], { stdio, env })
  close()
  succeeded(command, status)
  const [clock, user, system] = readFileSync(`${data}times`, 'utf8')
    .split(' ')
    .map(seconds => Number(seconds) * 1000)
  return { clock, processor: user + system }
}

/** The peak memory of one run in MiB (`VmHWM` of Linux); undefined on other systems. */
export async function memory({ command, before, stdin }, input) {
  before?.()
  const { stdio, close } = files(stdin ?? input)
  const child = spawn(command[0], command.slice(1), { stdio, env })
  let most
  const look = setInterval(() => {
    try {
      const peak = Number(
        /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1],
      )
      if (peak > 0) most = peak / 1024
    } catch {} // the process has ended, or this is not Linux
  }, 2)
  const code = await new Promise(resolve => child.on('close', resolve))
  clearInterval(look)
  close()
  succeeded(command, code)
  return most
}

/** Minimum, median and maximum. */
export function spread(values) {
  const inOrder = values.toSorted((a, b) => a - b)
  return { min: inOrder[0], median: inOrder[inOrder.length >> 1], max: inOrder.at(-1) }
}

/**
 * Runs each program once per round, in turn, so that a slow minute of the machine affects all of
 * them. Ratios are to the first program's time in the same round.
 */
export function alternate(programs, input, rounds) {
  for (const program of programs) if (!program.rounds) time(program, input) // fills the page cache, also with the program's files
  const times = programs.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [at, program] of programs.entries())
      if (round < (program.rounds ?? rounds)) times[at].push(time(program, input))
  }
  const compare = (at, by) => ({
    milliseconds: spread(times[at].map(took => took[by])),
    ratio: spread(times[at].map((took, round) => took[by] / times[0][round][by])),
  })
  return programs.map((program, at) => ({
    program,
    clock: compare(at, 'clock'),
    processor: compare(at, 'processor'),
  }))
}

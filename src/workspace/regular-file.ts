import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs'
import { FunctionError } from '../errors.ts'

/** Files with policies are far smaller. */
const mostMebibytes = 64

/**
 * The content of a regular file, which errors call `file`. Never opens a device, and never waits
 * for a FIFO. Throws BAD_ARGUMENT.
 */
export function readRegularFile(path: string, file = path): Buffer {
  const check = (stats: Stats) => {
    if (!stats.isFile()) throw badFile(file, `must be a regular file, got ${kindOf(stats)}`)
    checkSize(file, stats.size)
  }
  check(statSync(path))
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    check(fstatSync(descriptor)) // it may be another file by now
    const bytes = readFileSync(descriptor)
    checkSize(file, bytes.length)
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

function checkSize(file: string, size: number): void {
  if (size <= mostMebibytes << 20) return
  const found = `${Math.ceil(size / (1 << 20))} MiB`
  throw badFile(file, `must have at most ${mostMebibytes} MiB, got ${found}`)
}

/** An error about a file or folder of the command line. */
export const badFile = (file: string, problem: string, cause?: unknown): FunctionError =>
  new FunctionError('BAD_ARGUMENT', problem, { file }, cause)

/** `a FIFO` */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a FIFO'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}

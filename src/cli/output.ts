import { writeSync } from 'node:fs'
import { FunctionError } from '../errors.ts'

/** As much as a pipe holds. Smaller pieces are written together. */
const chunkSize = 1 << 16

/**
 * Writes the pieces to a file descriptor, whole, before it returns: hosts parse stdout even after a
 * failure, and an exit must not cut it short. False if nobody reads any more (EPIPE). Throws
 * BAD_ARGUMENT, such as for a full disk, with the name of the file.
 */
export function writePieces(
  descriptor: number,
  pieces: Iterable<Buffer | string>,
  name = descriptor === 2 ? 'stderr' : 'stdout',
): boolean {
  const chunk = Buffer.allocUnsafe(chunkSize)
  let used = 0
  try {
    for (const piece of pieces) {
      const isText = typeof piece === 'string'
      const most = isText ? piece.length * 3 : piece.length // no UTF-16 code unit takes more than three bytes
      if (most > chunkSize - used) {
        writeAll(descriptor, chunk.subarray(0, used))
        used = 0
      }
      if (most > chunkSize) writeAll(descriptor, isText ? Buffer.from(piece) : piece)
      else used += isText ? chunk.write(piece, used) : piece.copy(chunk, used)
    }
    writeAll(descriptor, chunk.subarray(0, used))
    return true
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException
    if (code === 'EPIPE') return false
    if (syscall !== 'write') throw error
    throw new FunctionError(
      'BAD_ARGUMENT',
      `${name} must take all that is written, got ${message}`,
      undefined,
      error,
    )
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10) // the pipe is full, and another process made it non-blocking
    }
  }
}

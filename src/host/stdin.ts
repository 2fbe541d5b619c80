import { fstatSync, readSync } from 'node:fs'

/**
 * All of stdin. A file is read at once (half the time of a stream: `bench/`); a pipe by its stream, so that signals get through
 * while it waits.
 */
export async function readStdin(): Promise<Buffer> {
  const stat = fstatSync(0)
  if (stat.isFile()) return readFile(stat.size)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function readFile(size: number): Buffer {
  let bytes = Buffer.allocUnsafe(size + 1) // one more, so that the end of an unchanged file is seen without growing
  let length = 0
  for (;;) {
    if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)])
    const count = readSync(0, bytes, length, bytes.length - length, null)
    if (count === 0) return bytes.subarray(0, length)
    length += count
  }
}

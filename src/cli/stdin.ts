import { fstatSync, readSync } from 'node:fs'
import type { Input } from '../yaml/locate/input-buffer.ts'

/**
 * All of stdin. Of a stream longer than `most` only the beginning, which is also longer than
 * `most`; the rest stays in `process.stdin`. A file is read at once, which is faster
 * (bench/README.md); a pipe by its stream, so that signals are handled while it waits.
 */
export async function readStdin(input: Input, most: number): Promise<Buffer> {
  const stat = fstatSync(0)
  if (stat.isFile()) return readFile(input, stat.size)
  let length = 0
  for await (const chunk of process.stdin.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer
    bytes.copy(input.room(bytes.length))
    input.add(bytes.length)
    length += bytes.length
    if (length > most) break
  }
  return input.whole()
}

/** Some files report no size, and some grow meanwhile. */
function readFile(input: Input, size: number): Buffer {
  let left = size + 1
  for (;;) {
    const count = readSync(0, input.room(left))
    if (count === 0) return input.whole()
    input.add(count)
    left = left - count || 0x10000
  }
}

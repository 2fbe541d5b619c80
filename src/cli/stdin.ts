import { fstatSync, readSync } from 'node:fs'
import type { Input } from '../yaml/locate/input-buffer.ts'

/** All of stdin. A file is read at once (half the time of a stream: `bench/`); a pipe by its stream, so that signals get through while it waits. */
export async function readStdin(input: Input): Promise<Buffer> {
  const stat = fstatSync(0)
  if (stat.isFile()) return readFile(input, stat.size)
  for await (const chunk of process.stdin) {
    ;(chunk as Buffer).copy(input.room((chunk as Buffer).length))
    input.add((chunk as Buffer).length)
  }
  return input.whole()
}

/** Some files do not say their size, and some have grown meanwhile. */
function readFile(input: Input, size: number): Buffer {
  let left = size + 1
  for (;;) {
    const count = readSync(0, input.room(left))
    if (count === 0) return input.whole()
    input.add(count)
    left = left - count || 0x10000
  }
}

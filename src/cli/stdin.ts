import { fstatSync, readSync } from 'node:fs'
import type { Input } from '../yaml/locate/input-buffer.ts'

/** All of stdin: a file at once, which is faster (bench/README.md); a pipe by its stream, so that signals are handled while it waits. */
export async function readStdin(input: Input): Promise<Buffer> {
  const stat = fstatSync(0)
  if (stat.isFile()) return readFile(input, stat.size)
  for await (const chunk of process.stdin) {
    ;(chunk as Buffer).copy(input.room((chunk as Buffer).length))
    input.add((chunk as Buffer).length)
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

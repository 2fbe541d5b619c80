import { fstatSync, readSync } from 'node:fs'

/**
 * All of stdin, in the room that is made for so many bytes. A file is read at once (half the time of a stream: `bench/`); a pipe by its
 * stream, so that signals get through while it waits.
 */
export async function readStdin(roomFor: (size: number) => Buffer): Promise<Buffer> {
  const stat = fstatSync(0)
  if (stat.isFile()) return readFile(roomFor(stat.size))
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
  }
  const input = roomFor(length)
  let at = 0
  for (const chunk of chunks) at += chunk.copy(input, at)
  return input
}

function readFile(room: Buffer): Buffer {
  let length = 0
  while (length < room.length) {
    const count = readSync(0, room, length, room.length - length, null)
    if (count === 0) return room.subarray(0, length)
    length += count
  }
  const rest = readRest()
  return rest.length === 0 ? room : Buffer.concat([room, ...rest])
}

/** What a file has grown by meanwhile; or all of one that does not say its size. */
function readRest(): readonly Buffer[] {
  const chunks: Buffer[] = []
  for (;;) {
    const chunk = Buffer.allocUnsafe(0x10000)
    const count = readSync(0, chunk, 0, chunk.length, null)
    if (count === 0) return chunks
    chunks.push(chunk.subarray(0, count))
  }
}

// The bound of every Node program that copies stdin to stdout: reads all of its input, writes it
// again, and does nothing else.
import { fstatSync, readSync, writeSync } from 'node:fs'

let bytes = Buffer.allocUnsafe(Math.max(1 << 20, fstatSync(0).size + 1))
let length = 0
for (;;) {
  if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)])
  const count = readSync(0, bytes, length, bytes.length - length, null)
  if (count === 0) break
  length += count
}
for (let written = 0; written < length; ) written += writeSync(1, bytes, written, length - written)

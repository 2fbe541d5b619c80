import { applyEdits, type Edit } from '../yaml/edit/splice.ts'

/** A stream with its edits, in pieces. */
export const writeStream = (bytes: Buffer, edits: readonly Edit[]): Iterable<Buffer | string> =>
  applyEdits(bytes, edits)

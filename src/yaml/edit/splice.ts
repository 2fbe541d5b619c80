/** Replaces `bytes[start, end)` with `text`. Offsets are bytes of the input. */
export interface Edit {
  readonly start: number
  readonly end: number
  /** A long text comes in pieces, which are iterated once. */
  readonly text: string | Iterable<string>
}

/**
 * The pieces of the output, in order: views of `bytes` between edits, and the new texts. Nothing is
 * copied, and all bytes outside the edits are kept. Throws RangeError before the first piece if two
 * edits overlap, because half an output is worse than none.
 */
export function* applyEdits(bytes: Buffer, edits: readonly Edit[]): Generator<Buffer | string> {
  const sorted = [...edits].sort((a, b) => a.start - b.start)
  let position = 0
  for (const { start, end } of sorted) {
    if (start < position || end < start || end > bytes.length)
      throw new RangeError(`edit ${start}-${end} overlaps or is outside the input`)
    position = end
  }
  position = 0
  for (const { start, end, text } of sorted) {
    yield bytes.subarray(position, start)
    if (typeof text === 'string') yield text
    else yield* text
    position = end
  }
  yield bytes.subarray(position)
}

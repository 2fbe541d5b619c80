/** The pieces of an output as one. */
export const bytesOf = (pieces: Iterable<Buffer | string>): Buffer =>
  Buffer.concat(
    Array.from(pieces, piece => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
  )

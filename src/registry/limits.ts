/** All limits of the client. Tests use smaller ones. */
export interface Limits {
  readonly pages: number
  readonly tags: number
  /**
   * Bytes of one answer, by kind. Google's registries add a map of all manifests to a list, which
   * is much larger than the tags.
   */
  readonly listBytes: number
  /** Bytes of all pages of one listing, and of all listings of a run. */
  readonly listingBytes: number
  readonly runBytes: number
  /** Bytes of memory for the tags of all listings of a run. */
  readonly tagBytes: number
  readonly manifestBytes: number
  readonly tokenBytes: number
  /** How much of an error answer is read. */
  readonly errorBytes: number
  /** Milliseconds. `lookup` is for one listing or digest, `run` for all of them. */
  readonly connect: number
  readonly headers: number
  readonly idle: number
  readonly lookup: number
  readonly shortestLookup: number
  readonly run: number
  /** Look-ups and requests in flight, for one host and in total. */
  readonly perHost: number
  readonly overall: number
  /**
   * Tries of one request; the first pause between them, which doubles each time; the longest
   * `Retry-After` to wait for.
   */
  readonly tries: number
  readonly firstPause: number
  readonly longestPause: number
  readonly redirects: number
}

const MiB = 1024 * 1024

export const limits: Limits = {
  pages: 1_000,
  tags: 500_000,
  listBytes: 64 * MiB,
  listingBytes: 256 * MiB,
  runBytes: 4096 * MiB,
  tagBytes: 256 * MiB,
  manifestBytes: 8 * MiB, // the OCI specification asks registries to accept 4 MiB
  tokenBytes: 64 * 1024,
  errorBytes: 64 * 1024,
  connect: 10_000,
  headers: 30_000,
  idle: 30_000,
  lookup: 60_000,
  shortestLookup: 1_000,
  run: 10 * 60_000,
  perHost: 16,
  overall: 64,
  tries: 4,
  firstPause: 500,
  longestPause: 30_000,
  redirects: 3,
}

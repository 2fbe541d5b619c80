/** A number of bytes that many requests share. */
export interface ByteBudget {
  /** False if less than `bytes` is left; then nothing is left any more. */
  spend(bytes: number): boolean
}

export function byteBudget(bytes: number): ByteBudget {
  let left = bytes
  return {
    spend(more) {
      left = more > left ? 0 : left - more
      return left > 0
    },
  }
}

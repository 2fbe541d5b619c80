/** A number of bytes that many requests share. */
export interface ByteBudget {
  /** False if fewer than `bytes` bytes are left; then none are left afterwards. */
  spend(bytes: number): boolean
}

export function byteBudget(total: number): ByteBudget {
  let left = total
  return {
    spend(bytes) {
      const enough = bytes <= left
      left = enough ? left - bytes : 0
      return enough
    },
  }
}

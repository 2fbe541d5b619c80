/** Keys may have 1024 characters; the full parser counts those of longer ones. */
export const maxKeyLength: u32 = 1000

/** Deeper collections are left to the full parser. */
export const maxDepth: u32 = 100

/** Keys may have 1024 characters; longer ones are left to the full parser to count. */
export const maxKeyLength: u32 = 1000

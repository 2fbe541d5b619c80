/**
 * So many problems of each severity are reported in full: more of them help nobody, and hosts hold
 * all results in memory.
 */
export const mostReported = 1000

/** In UTF-16 units. A name in the input can be as long as the input. */
export const longestMessage = 4096

/** The message, without what is too long of it. */
export function bounded(message: string): string {
  if (message.length <= longestMessage) return message
  const kept = message.slice(0, longestMessage)
  return `${kept} … (${message.length - longestMessage} more characters)`
}

/** `error: and 4000 more errors`, without the severity. */
export const andMore = (count: number, what: string): string =>
  `and ${count} more ${count === 1 ? what : `${what}s`}`

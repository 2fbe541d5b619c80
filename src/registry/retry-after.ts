/**
 * The milliseconds of a `Retry-After` header, which has seconds or a date; undefined if it has
 * neither.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // a date of HTTP begins with the name of the day; Date.parse alone would accept "-1" and "2.5"
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** The known word with the fewest edits (Levenshtein) to `word`; undefined when none is known. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const distances = known.map(other => ({
    other,
    distance: editDistance(word, other),
  }))
  return distances.sort((a, b) => a.distance - b.distance)[0]?.other
}

/** How many characters must be inserted, removed or replaced to make one word of the other, in any case. */
export const editDistance = (word: string, other: string): number =>
  distance(word.toLowerCase(), other.toLowerCase())

/** The number of edits (Levenshtein) between two words; more than `most` if there are more, which is found out faster. */
export function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  // a common beginning and end change nothing, and most repositories of an input share one
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  const shorter = Math.min(a.length, b.length) - start
  while (end < shorter && a.at(-1 - end) === b.at(-1 - end)) end++
  return distance(a.slice(start, a.length - end), b.slice(start, b.length - end), most)
}

function distance(a: string, b: string, most = Number.POSITIVE_INFINITY): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    if (Math.min(...next) > most) return most + 1
    row = next
  }
  return row[b.length] ?? 0
}

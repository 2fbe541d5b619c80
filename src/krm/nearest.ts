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
  levenshtein(word.toLowerCase(), other.toLowerCase())

function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

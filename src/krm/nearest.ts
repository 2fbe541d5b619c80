/** The known word with the fewest edits (Levenshtein) to `word`; undefined when none is known. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const distances = known.map(other => ({
    other,
    distance: distance(word.toLowerCase(), other.toLowerCase()),
  }))
  return distances.sort((a, b) => a.distance - b.distance)[0]?.other
}

function distance(a: string, b: string): number {
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

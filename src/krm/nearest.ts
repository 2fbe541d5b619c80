import type { Budget } from '../budget.ts'

/** More characters of a name, and more names, make no better hint. */
const longestWord = 256
const mostWords = 1000

/**
 * The known word with the fewest edits (Levenshtein) to `word`, of which only the beginnings are
 * compared; undefined when none is known, or when the budget is used up.
 */
export function nearest(
  word: string,
  known: readonly string[],
  budget?: Budget,
): string | undefined {
  const wanted = lowered(word)
  let closest: string | undefined
  let least = longestWord + 1
  for (let index = 0; index < known.length && index < mostWords && least > 0; index++) {
    const other = known[index] as string
    const compared = lowered(other)
    const most = least - 1
    if (budget?.affords(stepsBetween(wanted, compared, most)) === false) return undefined
    const edits = editsBetween(wanted, compared, most)
    if (edits > most) continue
    closest = other
    least = edits
  }
  return closest
}

const lowered = (word: string) => word.slice(0, longestWord).toLowerCase()

/**
 * How many characters must be inserted, removed or replaced to make one word of the other, in any
 * case.
 */
export const editDistance = (word: string, other: string): number =>
  editsBetween(lowered(word), lowered(other), longestWord)

/** The pairs of characters that `editsBetween` looks at, at most. */
export const stepsBetween = (a: string, b: string, most: number): number =>
  Math.abs(a.length - b.length) > most
    ? 1
    : 1 + Math.min(a.length, b.length) * Math.min(2 * most + 1, Math.max(a.length, b.length))

/**
 * The number of edits (Levenshtein) between two words; more than `most` if there are more, which is
 * found out faster.
 */
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

/**
 * Only cells near the diagonal can be within `most` edits: `row[j]` is the number of edits between
 * the first `i` and `j` characters.
 */
function distance(a: string, b: string, most: number): number {
  if (a.length > b.length) return distance(b, a, most)
  const tooMany = most + 1
  let row = Array.from({ length: b.length + 1 }, (_, index) => Math.min(index, tooMany))
  let next: number[] = new Array(b.length + 1).fill(tooMany)
  for (let i = 1; i <= a.length; i++) {
    const [first, last] = [Math.max(1, i - most), Math.min(b.length, i + most)]
    next[first - 1] = first === 1 ? Math.min(i, tooMany) : tooMany
    let least = next[first - 1] as number
    for (let j = first; j <= last; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const edits = Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1)
      next[j] = Math.min(edits, tooMany)
      least = Math.min(least, edits)
    }
    if (last < b.length) next[last + 1] = tooMany
    if (least > most) return tooMany
    ;[row, next] = [next, row]
  }
  return row[b.length] as number
}

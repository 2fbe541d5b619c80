/**
 * The lines of a unified diff from `before` to `after`, with `context` lines around each change. Finding the longest common subsequence
 * takes time and memory in proportion to the product of both line counts, so it is for files of a few thousand lines.
 */
export function unifiedDiff(before, after, context = 3) {
  const steps = compareLines(linesOf(before), linesOf(after))
  const near = steps.map((_, index) =>
    steps.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== ' '),
  )
  const lines = []
  for (let start = near.indexOf(true); start !== -1; ) {
    const end = near.indexOf(false, start) === -1 ? steps.length : near.indexOf(false, start)
    const hunk = steps.slice(start, end)
    lines.push(`@@ -${rangeOf(steps, start, hunk, '-')} +${rangeOf(steps, start, hunk, '+')} @@`)
    for (const { sign, line } of hunk) lines.push(sign + line)
    start = near.indexOf(true, end)
  }
  return lines
}

const linesOf = text => text.replace(/\n$/, '').split('\n')

/** Every line in the order of a diff, with a sign: ' ' for both sides, '-' for only before, '+' for only after. */
function compareLines(before, after) {
  // common[i][j]: the length of the longest common subsequence of before[i…] and after[j…]
  const common = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i][j] =
        before[i] === after[j]
          ? common[i + 1][j + 1] + 1
          : Math.max(common[i + 1][j], common[i][j + 1])
    }
  }
  const steps = []
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    if (before[i] === after[j]) {
      steps.push({ sign: ' ', line: before[i] })
      i++
      j++
    } else if (j === after.length || (i < before.length && common[i + 1][j] >= common[i][j + 1])) {
      steps.push({ sign: '-', line: before[i++] })
    } else {
      steps.push({ sign: '+', line: after[j++] })
    }
  }
  return steps
}

/** `12,7`: the first line of a hunk on one side, and its number of lines on that side. */
function rangeOf(steps, start, hunk, sign) {
  const count = part => part.filter(step => step.sign === ' ' || step.sign === sign).length
  const length = count(hunk)
  return `${count(steps.slice(0, start)) + (length > 0 ? 1 : 0)},${length}`
}

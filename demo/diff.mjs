/**
 * What changed from `before` to `after`, as a unified diff in lines, with `context` lines around each change. The longest common
 * subsequence of the lines is found in time and room of their product: for files of a few thousand lines.
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

/** Each line once, in the order of a diff: ' ' in both, '-' only before, '+' only after. */
function compareLines(before, after) {
  // common[i][j]: how many lines before[i…] and after[j…] have in common, in order
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

/** `12,7`: the first line of a hunk on one side, and how many of its lines that side has. */
function rangeOf(steps, start, hunk, sign) {
  const count = part => part.filter(step => step.sign === ' ' || step.sign === sign).length
  const length = count(hunk)
  return `${count(steps.slice(0, start)) + (length > 0 ? 1 : 0)},${length}`
}

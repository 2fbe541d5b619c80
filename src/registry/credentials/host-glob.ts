/**
 * Whether `pattern` matches all of `label`, by the rules of Go's `filepath.Match`: `*`, `?`,
 * `[a-z]`, `[^a-z]`, `\` before a literal. A malformed pattern matches nothing. Takes at most
 * pattern length times label length steps, because a pull request can write the pattern.
 */
export function matchesGlob(pattern: string, label: string): boolean {
  const parts = parseGlob(pattern)
  if (parts === undefined) return false
  let part = 0
  let position = 0
  // the last star, and the position in the label up to which it matches
  let retry: { part: number; position: number } | undefined
  while (position < label.length) {
    const accepts = parts[part]
    if (accepts === 'star') {
      retry = { part, position }
      part++
    } else if (accepts?.(label.charAt(position))) {
      part++
      position++
    } else if (retry) {
      retry = { part: retry.part, position: retry.position + 1 }
      part = retry.part + 1
      position = retry.position
    } else {
      return false
    }
  }
  return parts.slice(part).every(rest => rest === 'star')
}

type GlobPart = 'star' | ((character: string) => boolean)

function parseGlob(pattern: string): readonly GlobPart[] | undefined {
  const parts: GlobPart[] = []
  const token = /\*|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|([^[\\])/sy
  while (token.lastIndex < pattern.length) {
    const match = token.exec(pattern)
    if (match === null) return undefined
    const [text, negated, ranges, escaped] = match
    if (text === '*') parts.push('star')
    else if (text === '?') parts.push(() => true)
    else if (ranges === undefined) parts.push(character => character === (escaped ?? text))
    else {
      const accepts = parseRanges(ranges)
      if (accepts === undefined) return undefined
      parts.push(character => accepts(character) !== (negated === '^'))
    }
  }
  return parts
}

function parseRanges(text: string): ((character: string) => boolean) | undefined {
  const characters = [...text.matchAll(/\\(.)|([^\\])/gs)].map(([, escaped, plain]) => ({
    value: escaped ?? plain ?? '',
    dash: plain === '-',
  }))
  const ranges: (readonly [low: string, high: string])[] = []
  for (let index = 0; index < characters.length; ) {
    const low = characters[index]
    const high = characters[index + 1]?.dash ? characters[index + 2] : low
    if (low === undefined || high === undefined || low.dash || high.dash) return undefined
    ranges.push([low.value, high.value])
    index += characters[index + 1]?.dash ? 3 : 1
  }
  return character => ranges.some(([low, high]) => low <= character && character <= high)
}

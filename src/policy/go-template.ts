/**
 * Fills a template from one match: `text`, and the offsets of its groups as `GoRegexp.find` returns
 * them.
 */
export type GoTemplate = (text: string, groups: readonly number[]) => string

/** A literal text, or the numbers of groups, of which the first that took part counts. */
type Piece = string | readonly number[]

const reference = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu

/**
 * Reads a template as Go's `regexp.Expand` does: `$name` takes the longest name (`$1x` is the group
 * `1x`: write `${1}x`), an unknown or unmatched group is empty, `$$` is a dollar sign, and so is
 * any other `$`. Source: regexp/regexp.go, Go 1.26.
 */
export function parseGoTemplate(template: string, groupNames: readonly string[]): GoTemplate {
  const pieces: Piece[] = []
  let end = 0
  for (const match of template.matchAll(reference)) {
    const [whole, dollar, braced, bare] = match
    pieces.push(
      template.slice(end, match.index),
      dollar ?? groupsNamed(braced ?? bare ?? '', groupNames),
    )
    end = match.index + whole.length
  }
  pieces.push(template.slice(end))
  const filled = pieces.filter(piece => piece !== '')
  return (text, groups) =>
    filled
      .map(piece => (typeof piece === 'string' ? piece : firstText(piece, text, groups)))
      .join('')
}

/** The names that a template refers to, in order: `1`, `build`. */
export const referencesOf = (template: string): readonly string[] =>
  Array.from(template.matchAll(reference), ([, , braced, bare]) => braced ?? bare ?? []).flat()

/**
 * A name of digits without a leading zero is a number, any other the name of one or several groups.
 */
function groupsNamed(name: string, groupNames: readonly string[]): readonly number[] {
  if (/^(?:0|[1-9][0-9]*)$/.test(name) && Number(name) < 1e9) return [Number(name)]
  return groupNames.flatMap((groupName, index) => (groupName === name ? [index] : []))
}

function firstText(numbers: readonly number[], text: string, groups: readonly number[]): string {
  for (const number of numbers) {
    const start = groups[2 * number]
    if (start !== undefined && start >= 0) return text.slice(start, groups[2 * number + 1])
  }
  return ''
}

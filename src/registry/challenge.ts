/** One challenge of `WWW-Authenticate`. The scheme and the parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly params: ReadonlyMap<string, string>
}

// a word, then (as a parameter) its value: quoted with escapes, perhaps never closed, or plain
const word = /([^\s,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|([^\s,"]*)))?/sy

/**
 * Parses all lines of `WWW-Authenticate`. Accepts what real registries send: several challenges in
 * one line, even without a separator (Codeberg), unquoted values, escapes, schemes without
 * parameters. Skips what it can't parse; never throws.
 */
export function parseChallenges(lines: readonly string[]): readonly Challenge[] {
  return lines.flatMap(parseLine)
}

function parseLine(line: string): Challenge[] {
  const challenges: Challenge[] = []
  let params: Map<string, string> | undefined
  for (let at = 0; at < line.length; ) {
    word.lastIndex = at
    // no word begins at a blank, a comma or a misplaced character
    const match = word.exec(line)
    at = match === null ? at + 1 : word.lastIndex
    if (match === null) continue
    const [, name = '', quoted, plain] = match
    const value = quoted?.replace(/\\(.)/gs, '$1') ?? plain
    if (value !== undefined) {
      if (!params?.has(name.toLowerCase())) params?.set(name.toLowerCase(), value)
      continue
    }
    const own = new Map<string, string>()
    challenges.push({ scheme: name.toLowerCase(), params: own })
    // a word before a comma may be the rest of an unquoted value (`scope=repository:a:pull,push,
    // service=b`),
    // so that the parameters after it belong to the challenge before it
    if (params === undefined || !/^\s*(,|$)/.test(line.slice(at, at + 64))) params = own
  }
  return challenges
}

/** The challenge to answer: the first Bearer challenge with a realm, else Basic, else undefined. */
export function chooseChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  return (
    challenges.find(({ scheme, params }) => scheme === 'bearer' && params.get('realm')) ??
    challenges.find(({ scheme }) => scheme === 'basic')
  )
}

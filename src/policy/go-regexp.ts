import { RE2JS, RE2JSSyntaxException } from 're2js'
import { spellForRe2js } from './re2js-spelling.ts'
import { showText } from './show-text.ts'

/** A compiled regular expression of Go (RE2): time linear in the text, leftmost-first. */
export interface GoRegexp {
  /**
   * The name of each group by its number, empty if it has none; several groups may share a name.
   */
  readonly groupNames: readonly string[]
  /** How many steps one character of text takes at most. */
  readonly cost: number
  /** Whether the text contains a match. */
  test(text: string): boolean
  /**
   * Start and end of the first match, then of each group; -1 and -1 for a group that took no part.
   */
  find(text: string): readonly number[] | undefined
}

/** Why a pattern can't be used: in our words, and in Go's if Go refuses it too. */
export interface BadPattern {
  readonly problem: string
  readonly go?: string
}

/** UTF-16 units: enough for thousands of tags. Bounds the time and memory of compiling. */
const longestPattern = 65_536
/** The engine recurses over them. Usual patterns have a few hundred at most. */
const mostInstructions = 20_000

/** Compiles what Go's `regexp.Compile` compiles, and refuses what it refuses. */
export function compileGoRegexp(written: string): GoRegexp | BadPattern {
  if (written.length > longestPattern)
    return { problem: `must have at most ${longestPattern} characters, got ${written.length}` }
  const { pattern, restore } = spellForRe2js(written)
  const compiled = compile(pattern)
  if (compiled instanceof RE2JSSyntaxException) {
    const go = restore(compiled.input ?? '')
    const text = goError(compiled.error, go, written)
    return {
      problem: `must be a regular expression of Go (RE2), got ${showText(written)}: ${text}`,
      go: `error parsing regexp: ${text}`,
    }
  }
  const size = compiled.programSize()
  if (size > mostInstructions)
    return {
      problem: `must be simpler: it takes ${size} instructions, at most ${mostInstructions} are allowed; repeat shorter parts, or less often`,
    }
  const re2 = compiled.re2()
  const groupNames = Array.from({ length: compiled.groupCount() + 1 }, () => '')
  for (const [name, index] of Object.entries(compiled.namedGroups()))
    groupNames[index] = restore(name)
  return {
    groupNames,
    cost: size * groupNames.length,
    test: text => compiled.test(text),
    find: text => re2.findSubmatchIndex(text) ?? undefined,
  }
}

function compile(pattern: string): RE2JS | RE2JSSyntaxException {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error
    throw error
  }
}

/**
 * Go's error text, with the part of the pattern that it is about, also if that of re2js 2.10
 * differs.
 */
function goError(words: string, part: string, written: string): string {
  if (words === 'invalid named capture' && part === '(?P<')
    return 'invalid or unsupported Perl syntax: `(?P`'
  if (words === 'invalid named capture' && part === '(?<')
    return 'invalid or unsupported Perl syntax: `(?<`'
  if (words === 'expression nests too deeply' || words === 'expression too large')
    return `${words}: \`${written}\``
  return `${words}: \`${part}\``
}

/** A pattern of Go, spelled so that re2js 2.10 reads it in the same way. */
export interface Spelling {
  readonly pattern: string
  /** A text (an error, the name of a group) in the spelling of the original. */
  restore(text: string): string
}

/**
 * `\Q…\E`, an escape, a character class, the beginning of a named group: matched together, so that
 * none is taken for another.
 */
const token =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|[a-z])|\\[\s\S]|\[\^?\]?(?:\[:\^?\w*:\]|\\[pP]\{[^}]*\}|\\[\s\S]|[^\]\\])*(?:\]|\\?$)|\(\?P?<(\w+)>/g
const escapes = /\\[pP](?:\{[^}]*\}|[a-z])|\\[\s\S]/g

/**
 * Spells a pattern for re2js, which differs from Go 1.26 in two ways: it refuses a group name that
 * occurs twice, and it reads the names in `\p{…}` as they are, while Go ignores case, blanks, `_`
 * and `-` (so that `\p{Old_Italic}` is unknown) and knows long names.
 */
export function spellForRe2js(original: string): Spelling {
  const respelled = new Map<string, string>()
  const respell = (from: string, to: string): string => {
    if (from !== to && !respelled.has(to)) respelled.set(to, from)
    return to
  }
  const seen = new Set<string>()
  let mark = 'again'
  while (original.includes(mark)) mark += 'n'

  const pattern = original.replace(token, (text, name?: string) => {
    if (name !== undefined) {
      const unique = seen.has(name)
        ? respell(name, `${name}_${mark}${seen.size + respelled.size}_`)
        : name
      seen.add(name)
      return text.replace(name, () => unique)
    }
    if (text.startsWith('\\Q')) return text
    return text.replace(escapes, escaped =>
      escaped.length > 2 ? respell(escaped, spellUnicodeClass(escaped)) : escaped,
    )
  })
  return {
    pattern,
    restore(text) {
      if (text === pattern) return original
      let restored = text
      for (const [to, from] of respelled) restored = restored.replaceAll(to, () => from)
      return restored
    },
  }
}

/**
 * `\p{^lowercase letter}` is `\p{^Ll}`. Source: regexp/syntax, canonicalName and unicodeTable, Go
 * 1.26.
 */
function spellUnicodeClass(escaped: string): string {
  const [, start = '', negation = '', name = ''] = /^(\\[pP])\{?(\^?)([^}]*)/.exec(escaped) ?? []
  const letters = name.replace(/[ _-]/g, '')
  const canonical =
    letters.slice(0, 1).replace(/[a-z]/, toUpper) + letters.slice(1).replace(/[A-Z]/g, toLower)
  const known = longNames.get(canonical) ?? canonical
  return `${start}{${negation}${unknownToGo.has(known) ? `!${known}` : known}}`
}

const toUpper = (letter: string) => letter.toUpperCase()
const toLower = (letter: string) => letter.toLowerCase()

/**
 * What re2js knows and Go does not: properties that are not categories, and scripts newer than
 * Unicode 15.
 */
const unknownToGo = new Set([
  'Alphabetic',
  'Dash',
  'Emoji',
  'Lowercase',
  'Math',
  'Uppercase',
  'Garay',
  'Sidetic',
  'Sunuwar',
  'Todhri',
  'Unknown',
])

/** Source: unicode.CategoryAliases, Go 1.26. */
const longNames = new Map(
  Object.entries({
    Casedletter: 'LC',
    Closepunctuation: 'Pe',
    Cntrl: 'Cc',
    Combiningmark: 'M',
    Connectorpunctuation: 'Pc',
    Control: 'Cc',
    Currencysymbol: 'Sc',
    Dashpunctuation: 'Pd',
    Decimalnumber: 'Nd',
    Digit: 'Nd',
    Enclosingmark: 'Me',
    Finalpunctuation: 'Pf',
    Format: 'Cf',
    Initialpunctuation: 'Pi',
    Letter: 'L',
    Letternumber: 'Nl',
    Lineseparator: 'Zl',
    Lowercaseletter: 'Ll',
    Mark: 'M',
    Mathsymbol: 'Sm',
    Modifierletter: 'Lm',
    Modifiersymbol: 'Sk',
    Nonspacingmark: 'Mn',
    Number: 'N',
    Openpunctuation: 'Ps',
    Other: 'C',
    Otherletter: 'Lo',
    Othernumber: 'No',
    Otherpunctuation: 'Po',
    Othersymbol: 'So',
    Paragraphseparator: 'Zp',
    Privateuse: 'Co',
    Punct: 'P',
    Punctuation: 'P',
    Separator: 'Z',
    Spaceseparator: 'Zs',
    Spacingmark: 'Mc',
    Surrogate: 'Cs',
    Symbol: 'S',
    Titlecaseletter: 'Lt',
    Unassigned: 'Cn',
    Uppercaseletter: 'Lu',
  }),
)

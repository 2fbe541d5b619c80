import { lineEnd, lineStart, nextLine } from '../position.ts'

/** The escapes that can hide a printable character: with `x`, `u`, `U`, `/` or a line break. */
export const escapes: readonly string[] = ['\\x', '\\u', '\\U', '\\/', '\\\n', '\\\r']

/**
 * Of the offsets of such escapes, in order, those on a line that contains one of the texts (without
 * spaces) once its escapes are resolved, as they are in a double-quoted scalar. A line that ends
 * with a backslash continues on the next.
 */
export function* escapesSpelling(
  bytes: Buffer,
  offsets: readonly number[],
  texts: readonly string[],
): Generator<number> {
  const characters = new Set(texts.join(''))
  for (let index = 0; index < offsets.length; ) {
    const first = offsets[index] as number
    const end = joinedEnd(bytes, first)
    const from = index
    let maySpell = false
    for (; index < offsets.length && (offsets[index] as number) < end; index++)
      maySpell ||= canBe(bytes, offsets[index] as number, characters)
    if (maySpell && holdsOne(bytes, joinedStart(bytes, first), end, texts))
      yield* offsets.slice(from, index)
  }
}

/** Whether the escape can be one of the characters, or can join two of them. */
function canBe(bytes: Buffer, offset: number, characters: ReadonlySet<string>): boolean {
  const kind = bytes[offset + 1]
  // a space before a line break is text
  if (kind === newline || kind === carriageReturn) return (bytes[offset - 1] ?? 0) > 0x20
  if (kind === 0x2f) return characters.has('/')
  const digits = bytes.toString('latin1', offset + 2, offset + 2 + (lengths.get(kind ?? 0) ?? 0))
  return characters.has(characterOf(digits))
}

/** How many digits follow `x`, `u` and `U`. */
const lengths: ReadonlyMap<number, number> = new Map([
  [0x78, 2],
  [0x75, 4],
  [0x55, 8],
])

function characterOf(digits: string): string {
  const code = Number.parseInt(digits, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

/** Longer lines are not decoded. */
const maxLength = 1 << 26

function holdsOne(bytes: Buffer, start: number, end: number, texts: readonly string[]): boolean {
  if (end - start > maxLength) return true
  const line = bytes
    .toString('utf8', start, end)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\/)|(\r?\n[ \t]*)|.)/gs,
      (unchanged, x, u, U, slash, lineBreak) => {
        if (slash !== undefined) return slash
        if (lineBreak !== undefined) return ''
        const digits = x ?? u ?? U
        return digits === undefined ? unchanged : characterOf(digits)
      },
    )
  return texts.some(text => line.includes(text))
}

const newline = 0x0a
const carriageReturn = 0x0d
const backslash = 0x5c

/** The end of a line and of those that continue it. */
function joinedEnd(bytes: Buffer, offset: number): number {
  let end = lineEnd(bytes, offset)
  while (end < bytes.length && bytes[end - 1] === backslash)
    end = lineEnd(bytes, nextLine(bytes, end))
  return end
}

/** The start of a line, or of the first one that it continues. */
function joinedStart(bytes: Buffer, offset: number): number {
  let start = lineStart(bytes, offset)
  while (start > 0 && bytes[lineEnd(bytes, lineStart(bytes, start - 1)) - 1] === backslash)
    start = lineStart(bytes, start - 1)
  return start
}

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
  const neighbours = neighboursIn(texts)
  let [lineEnd, isOnLine] = [0, false]
  for (const offset of offsets) {
    if (!fits(bytes, offset, neighbours)) continue
    if (offset >= lineEnd) {
      lineEnd = joinedEnd(bytes, offset)
      isOnLine = holdsOne(bytes, joinedStart(bytes, offset), lineEnd, texts)
    }
    if (isOnLine) yield offset
  }
}

/** The first and the last characters of texts, and all pairs of neighbours. */
interface Neighbours {
  readonly firsts: ReadonlySet<string>
  readonly lasts: ReadonlySet<string>
  readonly pairs: ReadonlySet<string>
}

function neighboursIn(texts: readonly string[]): Neighbours {
  const characters = texts.map(text => [...text])
  return {
    firsts: new Set(characters.map(text => text[0] ?? '')),
    lasts: new Set(characters.map(text => text.at(-1) ?? '')),
    pairs: new Set(characters.flatMap(text => text.slice(1).map((next, at) => text[at] + next))),
  }
}

/** Whether the character of an escape, or what it joins, fits between its neighbours in a text. */
function fits(bytes: Buffer, offset: number, { firsts, lasts, pairs }: Neighbours): boolean {
  const kind = bytes[offset + 1]
  const before = characterBefore(bytes, offset)
  if (kind === newline || kind === carriageReturn) {
    let next = offset + (kind === newline ? 2 : 3)
    while (bytes[next] === 0x20 || bytes[next] === 0x09) next++
    const after = characterAt(bytes, next)
    return before === unknown || after === unknown || pairs.has(before + after)
  }
  const length = kind === 0x2f ? 0 : (lengths.get(kind ?? 0) ?? 0)
  const own =
    kind === 0x2f ? '/' : characterOf(bytes.toString('latin1', offset + 2, offset + 2 + length))
  const after = characterAt(bytes, offset + 2 + length)
  return (
    (before === unknown || firsts.has(own) || pairs.has(before + own)) &&
    (after === unknown || lasts.has(own) || pairs.has(own + after))
  )
}

/** A character that may be escaped, or that is not ASCII. */
const unknown = ''

function characterAt(bytes: Buffer, offset: number): string {
  const byte = bytes[offset] ?? newline
  return byte === backslash || byte >= 0x80 ? unknown : String.fromCharCode(byte)
}

function characterBefore(bytes: Buffer, offset: number): string {
  // an escape has at most ten characters, and a line break may be escaped
  for (let at = offset - 1; at >= Math.max(0, offset - 10); at--)
    if (bytes[at] === backslash || bytes[at] === newline) return unknown
  return offset === 0 ? unknown : characterAt(bytes, offset - 1)
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

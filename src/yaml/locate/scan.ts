import { chunk, type Sight, sightOf } from './byte-view.ts'

/** What was seen in the bytes. To load them takes as long as to look at them, so that each pass looks for all it can. */
export interface Scan {
  readonly bytes: Buffer
  /** Those that begin without space. */
  readonly lines: Lines
  /** Where these texts stand. What was never looked for is looked for now. */
  find(texts: readonly string[]): readonly Found[]
}

/** The places of a text. */
export interface Found {
  /** In bytes. */
  readonly length: number
  /** In the order of the bytes. */
  readonly offsets: readonly number[]
}

/** The offsets of lines that are not blank, each kind in the order of the bytes. */
export interface Lines {
  /** Those that begin with a `-` before a space or the line end. */
  readonly dashes: readonly number[]
  /** All others. */
  readonly others: readonly number[]
  /** Of the others, those that begin with `---` or `...` as a word. */
  readonly markers: readonly number[]
}

/** Sees these texts, and the lines: the first one, whatever it is, among `others`. */
export function scan(bytes: Buffer, texts: readonly string[] = []): Scan {
  const lines = { dashes: [], others: [0], markers: [] }
  const known = new Map(look(bytes, texts, lines))
  return {
    bytes,
    lines,
    find(wanted) {
      const unknown = wanted.filter(text => !known.has(text))
      if (unknown.length > 0)
        for (const [text, found] of look(bytes, unknown)) known.set(text, found)
      return wanted.flatMap(text => known.get(text) ?? [])
    },
  }
}

/** More are not looked at: behind the bytes must be so much memory. */
export const maxIndent = 32

/**
 * The lines in `[start, end)`, where a line ends, behind a line feed there: those that begin with no more than `indent` spaces, `maxIndent`
 * at most. Dashes only count behind so many.
 */
export function shallowLines(bytes: Buffer, start: number, end: number, indent: number): Lines {
  const lines = { dashes: [], others: [], markers: [] }
  const sight = sightOf(bytes, Buffer.alloc(0))
  for (let at = start; at < end - 1; at += chunk) {
    const count = Math.min(chunk, end - 1 - at)
    takeLines(
      lines,
      sight,
      at,
      sight.assembly.lines(sight.place(at, Math.min(at + count + indent + 4, end)), count, indent),
    )
  }
  return lines
}

/** Looks for all of these texts in one pass, and for the lines. */
function look(
  bytes: Buffer,
  wanted: readonly string[],
  lines?: WritableLines,
): (readonly [string, Found])[] {
  const texts = [...new Set(wanted)].filter(text => !text.includes('\0')) // which stands in no YAML
  const founds = texts.map(text => ({ length: Buffer.byteLength(text), offsets: [] as number[] }))
  const ahead = founds.reduce((most, { length }) => Math.max(most, length), 4)
  const sight = sightOf(bytes, Buffer.from(texts.map(text => `${text}\0`).join('')))
  for (let at = 0; at < bytes.length; at += chunk) {
    const count = Math.min(chunk, bytes.length - at)
    const place = sight.place(at, Math.min(at + count + ahead, bytes.length))
    if (lines) takeLines(lines, sight, at, sight.assembly.lines(place, count, 0))
    for (let from = 0; from < count; ) {
      const searched = sight.assembly.search(place + from, count - from)
      takeTexts(founds, sight, at + from)
      from += searched
    }
  }
  return founds.map((found, index) => [texts[index] as string, found])
}

function takeTexts(
  founds: readonly { readonly offsets: number[] }[],
  { assembly, words }: Sight,
  at: number,
): void {
  const tape = words()
  const start = assembly.found() >>> 2
  const end = start + assembly.length()
  for (let place = start; place < end; place += 2)
    founds[tape[place + 1] as number]?.offsets.push(at + (tape[place] as number))
}

type WritableLines = { readonly [Kind in keyof Lines]: number[] }

function takeLines(
  { dashes, others, markers }: WritableLines,
  { assembly, words }: Sight,
  at: number,
  count: number,
): void {
  const tape = words()
  const start = assembly.found() >>> 2
  for (let place = start; place < start + count; place++) {
    const number = tape[place] as number
    const line = at + (number >>> 2)
    const kind = number & 3
    if (kind === 1) dashes.push(line)
    else {
      others.push(line)
      if (kind === 2) markers.push(line)
    }
  }
}

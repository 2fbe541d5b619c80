import { type ByteView, chunk, viewOf } from './byte-view.ts'

/**
 * What was found in the bytes. Loading them takes as long as searching them, so each pass searches
 * for everything it can.
 */
export interface Scan {
  readonly bytes: Buffer
  /** The lines that begin without a space. */
  readonly lines: Lines
  /**
   * Where each of these texts occurs. Texts that no earlier pass searched for take another pass.
   */
  find(texts: readonly string[]): readonly Occurrences[]
}

/** Where a text occurs. */
export interface Occurrences {
  /** The length of the text, in bytes. */
  readonly length: number
  /** In the order of the bytes. */
  readonly offsets: readonly number[]
}

/** The offsets of lines that are not blank, each kind in the order of the bytes. */
export interface Lines {
  /** Lines that begin with a `-` before a space or the line end. */
  readonly dashes: readonly number[]
  /** All other lines. */
  readonly others: readonly number[]
  /** Those of the others that begin with `---` or `...` as a word. */
  readonly markers: readonly number[]
}

/** Searches for these texts and for the lines. The first line is always among `others`. */
export function scan(bytes: Buffer, texts: readonly string[] = []): Scan {
  const lines = { dashes: [], others: [0], markers: [] }
  const known = new Map(search(bytes, texts, lines))
  return {
    bytes,
    lines,
    find(wanted) {
      const unknown = wanted.filter(text => !known.has(text))
      if (unknown.length > 0)
        for (const [text, occurrences] of search(bytes, unknown)) known.set(text, occurrences)
      return wanted.flatMap(text => known.get(text) ?? [])
    },
  }
}

/** More spaces are not counted: as much memory is needed after the bytes. */
export const maxIndent = 32

/**
 * The lines that begin with at most `indent` spaces (at most `maxIndent`) and follow a line feed in
 * `[start, end)`, where a line ends. Only a dash after exactly `indent` spaces counts as a dash.
 */
export function shallowLines(bytes: Buffer, start: number, end: number, indent: number): Lines {
  const lines = { dashes: [], others: [], markers: [] }
  const view = viewOf(bytes, Buffer.alloc(0))
  for (let from = start; from < end - 1; from += chunk) {
    const count = Math.min(chunk, end - 1 - from)
    const address = view.addressOf(from, Math.min(from + count + indent + 4, end))
    takeLines(lines, view, from, view.assembly.lines(address, count, indent))
  }
  return lines
}

/** Searches for all of these texts, and for the lines, in one pass. */
function search(
  bytes: Buffer,
  wanted: readonly string[],
  lines?: WritableLines,
): (readonly [string, Occurrences])[] {
  const texts = [...new Set(wanted)].filter(text => !text.includes('\0')) // YAML cannot contain it
  const found = texts.map(text => ({ length: Buffer.byteLength(text), offsets: [] as number[] }))
  const ahead = found.reduce((most, { length }) => Math.max(most, length), 4)
  const view = viewOf(bytes, Buffer.from(texts.map(text => `${text}\0`).join('')))
  for (let from = 0; from < bytes.length; from += chunk) {
    const count = Math.min(chunk, bytes.length - from)
    const address = view.addressOf(from, Math.min(from + count + ahead, bytes.length))
    if (lines) takeLines(lines, view, from, view.assembly.lines(address, count, 0))
    for (let done = 0; done < count; ) {
      const searched = view.assembly.search(address + done, count - done)
      takeTexts(found, view, from + done)
      done += searched
    }
  }
  return found.map((occurrences, index) => [texts[index] as string, occurrences])
}

function takeTexts(
  found: readonly { readonly offsets: number[] }[],
  { assembly, words }: ByteView,
  from: number,
): void {
  const numbers = words()
  const start = assembly.tapeStart() >>> 2
  const end = start + assembly.numberCount()
  for (let index = start; index < end; index += 2)
    found[numbers[index + 1] as number]?.offsets.push(from + (numbers[index] as number))
}

type WritableLines = { readonly [Kind in keyof Lines]: number[] }

function takeLines(
  { dashes, others, markers }: WritableLines,
  { assembly, words }: ByteView,
  from: number,
  count: number,
): void {
  const numbers = words()
  const start = assembly.tapeStart() >>> 2
  for (let index = start; index < start + count; index++) {
    const number = numbers[index] as number
    const line = from + (number >>> 2)
    const kind = number & 3
    if (kind === 1) dashes.push(line)
    else {
      others.push(line)
      if (kind === 2) markers.push(line)
    }
  }
}

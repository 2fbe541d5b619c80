import { byteOrderMark, lineStart, nextLine } from '../position.ts'
import type { ScalarNode } from './node.ts'

/**
 * The text of a scalar: quotes, escapes, folding and indentation resolved (yaml.org/spec/1.2.2, 7.3
 * and 8.1).
 */
export function decodeScalar(bytes: Buffer, { style, start, end }: ScalarNode): string {
  if (style === 'literal' || style === 'folded')
    return decodeBlock(bytes, start, end, style === 'folded')
  const text =
    style === 'plain'
      ? bytes.toString('utf8', start, end)
      : bytes.toString('utf8', start + 1, end - 1)
  switch (style) {
    case 'plain':
      return text.includes('\n') ? fold(text.split('\n').map(trim)) : text
    case 'single':
      return (text.includes('\n') ? fold(trimInside(text.split('\n'))) : text).replaceAll("''", "'")
    case 'double':
      return resolveEscapes(text.includes('\n') ? foldEscaped(text.split('\n')) : text)
  }
}

/**
 * Whether a scalar that was not decoded has this text. Comparing the bytes of a plain one is faster
 * than making a string of each key.
 */
export function equalsText(bytes: Buffer, scalar: ScalarNode, text: string): boolean {
  const { style, start, end } = scalar
  if (style !== 'plain') return decodeScalar(bytes, scalar) === text
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0x80) return bytes.toString('utf8', start, end) === text
    if (bytes[start + index] !== unit) return false
  }
  return end - start === text.length
}

/**
 * Joins lines without the spaces around them: a single line break is a space, of several all but
 * one are kept.
 */
function fold(lines: readonly string[]): string {
  let text = lines[0] as string
  let blank = 0
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] as string
    if (line === '' && index < lines.length - 1) blank++
    else {
      text += (blank === 0 ? ' ' : '\n'.repeat(blank)) + line
      blank = 0
    }
  }
  return text
}

/** The spaces at the very beginning and end of a quoted scalar are text. */
function trimInside(lines: readonly string[]): string[] {
  const last = lines.length - 1
  return lines.map((line, index) => {
    if (index === 0) return trimEnd(line)
    return index === last ? trimStart(line) : trim(line)
  })
}

/**
 * As `fold`, but a backslash can keep the last space of a line, or join a line to the next without
 * a space.
 */
function foldEscaped(lines: readonly string[]): string {
  const groups: string[][] = [[]]
  lines.forEach((line, index) => {
    const begun = index === 0 ? line : trimStart(line)
    const group = groups.at(-1) as string[]
    const bare = begun.endsWith('\r') ? begun.slice(0, -1) : begun
    if (index < lines.length - 1 && endsEscaping(bare)) {
      group.push(bare.slice(0, -1))
      groups.push([])
    } else if (index === lines.length - 1) group.push(begun)
    else {
      const trimmed = trimEnd(begun)
      group.push(endsEscaping(trimmed) ? begun.slice(0, trimmed.length + 1) : trimmed)
    }
  })
  return groups.map(fold).join('')
}

function endsEscaping(line: string): boolean {
  let at = line.length
  while (line[at - 1] === '\\') at--
  return (line.length - at) % 2 === 1
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}

function resolveEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gsu,
    (_, x, u, U, character: string) =>
      character === undefined
        ? String.fromCodePoint(Number.parseInt(x ?? u ?? U, 16))
        : (escapes[character] ?? character),
  )
}

function decodeBlock(bytes: Buffer, start: number, end: number, folded: boolean): string {
  const body = Math.min(nextLine(bytes, start), end)
  const lines = bytes
    .toString('utf8', body, end)
    .split('\n')
    .map(line => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const header = headerOf(bytes, start)
  const first = lines.find(line => !isBlankLine(line)) ?? ''
  const indent =
    header.indent === 0
      ? first.length - trimStart(first).length
      : columnOfParent(bytes, start) + header.indent
  const text = lines.map(line => line.slice(indent))
  const content = folded ? foldBlock(text) : text.join('\n')
  return content + lineBreaksAtEnd(bytes, end, header.chomping)
}

/** What follows the `|` or `>` of a block scalar: how it ends, and how far it is indented. */
function headerOf(bytes: Buffer, start: number): { chomping: string; indent: number } {
  const [indicators = ''] = /^[-+1-9]*/.exec(bytes.toString('latin1', start + 1, start + 3)) ?? []
  return {
    chomping: /[-+]/.exec(indicators)?.[0] ?? '',
    indent: Number(/[1-9]/.exec(indicators)?.[0] ?? 0),
  }
}

/**
 * The column of the collection that contains a block scalar, which begins on the line of its key or
 * dash.
 */
function columnOfParent(bytes: Buffer, start: number): number {
  const line = lineStart(bytes, start)
  const before = bytes.toString('latin1', line + byteOrderMark(bytes, line), start)
  const item = /^( *(?:- +)*)- +(?:[&!]\S* +)*$/.exec(before)
  return (item?.[1] ?? /^ *(?:- +)*/.exec(before)?.[0] ?? '').length
}

/** The line breaks at the end of a block scalar: none after `|-`, all after `|+`, else one. */
function lineBreaksAtEnd(bytes: Buffer, end: number, chomping: string): string {
  if (chomping === '-') return ''
  return chomping === '+' ? '\n'.repeat(1 + blankLinesAfter(bytes, end)) : '\n'
}

/**
 * A single line break between lines of text is a space; around blank and more indented lines all
 * line breaks are kept.
 */
function foldBlock(lines: readonly string[]): string {
  let text = ''
  let breaks = 0
  let before: 'start' | 'text' | 'deeper' = 'start'
  for (const line of lines) {
    if (line === '') {
      breaks++
      continue
    }
    const deeper = line.startsWith(' ') || line.startsWith('\t')
    if (before === 'start') text += '\n'.repeat(breaks)
    else if (before === 'deeper' || deeper) text += '\n'.repeat(breaks + 1)
    else text += breaks === 0 ? ' ' : '\n'.repeat(breaks)
    text += line
    breaks = 0
    before = deeper ? 'deeper' : 'text'
  }
  return text
}

function blankLinesAfter(bytes: Buffer, end: number): number {
  let count = 0
  for (let at = nextLine(bytes, end); at < bytes.length; at = nextLine(bytes, at)) {
    let text = at
    while (bytes[text] === 0x20) text++
    if (bytes[text] !== 0x0a && !(bytes[text] === 0x0d && bytes[text + 1] === 0x0a)) break
    count++
  }
  return count
}

const isBlankLine = (line: string) => trimStart(line) === ''

const trim = (line: string) => trimStart(trimEnd(line))

function trimStart(line: string): string {
  let at = 0
  while (line[at] === ' ' || line[at] === '\t') at++
  return line.slice(at)
}

function trimEnd(line: string): string {
  let at = line.length
  while (line[at - 1] === ' ' || line[at - 1] === '\t' || line[at - 1] === '\r') at--
  return line.slice(0, at)
}

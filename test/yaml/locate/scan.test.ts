import fc from 'fast-check'
import { chunk } from '../../../src/yaml/locate/byte-view.ts'
import { type Lines, scan, shallowLines } from '../../../src/yaml/locate/scan.ts'

describe('lines', () => {
  test.each<[string, string, Lines]>([
    [
      'keys and dashes',
      'a:\n  b\n- c\n\td\n-\n',
      { dashes: [7, 14], others: [0, 11], markers: [] },
    ],
    [
      'with ends of Windows',
      'a:\r\n- b\r\n-\r\nc\r\n',
      { dashes: [4, 9], others: [0, 12], markers: [] },
    ],
    ['not blank ones', 'a\n\n\r\n \nb\n', { dashes: [], others: [0, 7], markers: [] }],
    ['the first one, whatever it is', '- a\n', { dashes: [], others: [0], markers: [] }],
    ['nothing after the last line end', 'a\n', { dashes: [], others: [0], markers: [] }],
    ['what a last line end does not end', 'a\n-', { dashes: [], others: [0, 2], markers: [] }],
    [
      'markers',
      'a\n---\n... # b\n---\r\n---c\n --- \n...',
      { dashes: [], others: [0, 2, 6, 14, 19, 30], markers: [2, 6, 14, 30] },
    ],
  ])('%s', (_name, text, lines) => {
    expect(scan(Buffer.from(text)).lines).toEqual(lines)
  })
})

/** The lines that a loop over the bytes finds. */
function linesIn(bytes: Buffer, start: number, end: number, indent: number): Lines {
  const lines = { dashes: [] as number[], others: [] as number[], markers: [] as number[] }
  for (let at = start + 1; at < end; at++) {
    if (bytes[at - 1] !== 10) continue
    const line = bytes.toString('latin1', at, end).slice(0, 100)
    const column = /^ */.exec(line)?.[0].length ?? 0
    const text = line.slice(column)
    if (column > indent || /^\r?(?:$|\n)/.test(text)) continue
    if (column === indent && /^-(?: |\r?\n|\r$)/.test(text)) lines.dashes.push(at)
    else {
      lines.others.push(at)
      if (column === 0 && /^(?:---|\.\.\.)(?:[ \t\r\n]|$)/.test(text)) lines.markers.push(at)
    }
  }
  return lines
}

/** Bytes whose interesting offsets are around the borders of chunks and of vectors. */
const around = (...pieces: string[]) =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...pieces), { maxLength: 80 }),
      fc.constantFrom(0, 1, chunk - 70, chunk - 40, chunk - 16, 2 * chunk - 33),
      fc.nat(40),
    )
    .map(([tail, before, more]) =>
      Buffer.concat([Buffer.alloc(before + more, 'x'), Buffer.from(tail.join(''))]),
    )

const someLines = around(
  '\n',
  '\n',
  '\n',
  ' ',
  ' ',
  ' ',
  'a',
  'b',
  '-',
  '-',
  '- ',
  '---',
  '...',
  '\t',
  '\r',
)

test('the lines are those that a loop over the bytes finds', () => {
  fc.assert(
    fc.property(someLines, bytes => {
      const { dashes, others, markers } = linesIn(bytes, 0, bytes.length, 0)
      expect(scan(bytes).lines).toEqual({ dashes, others: [0, ...others], markers })
    }),
    { numRuns: 500 },
  )
})

test('and those with a few spaces before them', () => {
  fc.assert(
    fc.property(someLines, fc.nat(50), fc.nat(50), fc.nat(5), (bytes, before, after, indent) => {
      const start = Math.min(before, bytes.length)
      const end = Math.max(start, bytes.length - after)
      expect(shallowLines(bytes, start, end, indent)).toEqual(linesIn(bytes, start, end, indent))
    }),
    { numRuns: 1000 },
  )
})

/** The offsets of a text that a loop finds. */
function offsetsIn(bytes: Buffer, text: string): number[] {
  const offsets: number[] = []
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) offsets.push(at)
  return offsets
}

const found = (bytes: Buffer, texts: readonly string[]) => scan(bytes, texts).find(texts)
const expected = (bytes: Buffer, texts: readonly string[]) =>
  texts.map(text => ({ length: Buffer.byteLength(text), offsets: offsetsIn(bytes, text) }))

describe('texts', () => {
  const word = (maxLength: number) =>
    fc
      .array(fc.constantFrom('a', 'b', '\\', '\n', 'é', '\x7f'), { minLength: 1, maxLength })
      .map(parts => parts.join(''))

  test('are where a loop over the bytes finds them', () => {
    fc.assert(
      fc.property(
        around('a', 'a', 'b', '\\', '\n', 'é', '\x7f', 'x'),
        fc.array(word(6), { maxLength: 12 }),
        (bytes, texts) => {
          expect(found(bytes, texts)).toEqual(expected(bytes, texts))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('across chunks, however long they are', () => {
    const long = Array.from({ length: 30_000 }, (_, index) => index).join(' ')
    const texts = [long, long.slice(0, 20), long.slice(-20)]
    for (const before of [0, 1, chunk - 19, chunk - 1, chunk]) {
      const bytes = Buffer.from(`${'x'.repeat(before)}${long}`)
      expect(found(bytes, texts)).toEqual(expected(bytes, texts))
    }
  })

  test('hundreds of them', () => {
    const letters = fc.constantFrom(
      ...'abcdefghijklmnopqrstuvwxyz0123456789-_./$ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    )
    const name = fc.string({ unit: letters, minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 300, maxLength: 600 }),
        fc.integer({ min: 1, max: 40 }),
        (names, step) => {
          const bytes = Buffer.from(
            names.map((name, index) => (index % step === 0 ? `${name} ` : name.slice(1))).join(''),
          )
          expect(found(bytes, names)).toEqual(expected(bytes, names))
        },
      ),
      { numRuns: 30 },
    )
  })

  test('a hundred thousand and more', () => {
    const names = Array.from({ length: 150_000 }, (_, index) => `acme/service-${index}:`)
    const bytes = Buffer.from(`- ${names[149_999]}1.0.0 ${names[12_345]}`)
    const hits = found(bytes, names).flatMap(({ offsets }, index) =>
      offsets.length > 0 ? [[index, offsets]] : [],
    )
    expect(hits).toEqual([
      [12_345, [28]],
      [149_999, [2]],
    ])
  })

  test('each byte alone, and each pair', () => {
    const all = Array.from({ length: 0x7f }, (_, index) => String.fromCharCode(index + 1))
    const bytes = Buffer.from([...all, ...all].join(''))
    expect(found(bytes, all)).toEqual(expected(bytes, all))
    const pairs = all.map((character, index) => `${character}${all[(index * 7) % all.length]}`)
    expect(found(bytes, pairs)).toEqual(expected(bytes, pairs))
  })

  test('not in what only follows the bytes in memory', () => {
    scan(Buffer.from('xxxxab'), ['ab'])
    expect(found(Buffer.from('xxxxa'), ['ab', 'a\n', 'a'])).toEqual(
      expected(Buffer.from('xxxxa'), ['ab', 'a\n', 'a']),
    )
  })

  test('that are asked for later, or again', () => {
    const bytes = Buffer.from('a b c b')
    const scanned = scan(bytes, ['a', 'a'])
    expect(scanned.find(['b', 'a', 'b'])).toEqual(expected(bytes, ['b', 'a', 'b']))
    expect(scanned.find(['c', 'b'])).toEqual(expected(bytes, ['c', 'b']))
  })

  test('never with a zero byte, and others all the same', () => {
    expect(found(Buffer.from('a b'), ['a\0', 'b'])).toEqual(expected(Buffer.from('a b'), ['b']))
  })

  test('nothing in no bytes', () => {
    expect(found(Buffer.alloc(0), ['a'])).toEqual([{ length: 1, offsets: [] }])
  })
})

test('more bytes than 32 bits can count', () => {
  const border = 2 ** 32
  const blank = Buffer.alloc(2 * chunk)
  const last = Buffer.from('x\n- pattern\n')
  // a Buffer of which only what is looked at exists
  const subarray = (start: number, end: number) =>
    start < border ? blank.subarray(0, end - start) : last
  const scanned = scan({ length: border + last.length, subarray } as unknown as Buffer, ['pattern'])
  expect(scanned.lines.dashes).toEqual([border + 2])
  expect(scanned.find(['pattern'])).toEqual([{ length: 7, offsets: [border + 4] }])
}, 60_000)

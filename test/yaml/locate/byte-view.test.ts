import fc from 'fast-check'
import { newInput } from '../../../src/yaml/locate/input-buffer.ts'
import { scan, shallowLines } from '../../../src/yaml/locate/scan.ts'

const large = 0x50000

/** The same bytes in a memory of their own. */
function inOwnMemory(bytes: Buffer): Buffer {
  const input = newInput()
  bytes.copy(input.room(bytes.length))
  input.add(bytes.length)
  const whole = input.whole()
  expect(whole.buffer.byteLength).toBeGreaterThan(bytes.length + 0x100000)
  return whole
}

const scanned = (bytes: Buffer, texts: readonly string[]) => {
  const { lines, find } = scan(bytes, texts.slice(1))
  return { lines, found: find(texts) }
}

test('an input in a memory of its own is scanned like an ordinary buffer', () => {
  const piece = fc.constantFrom(
    'needle',
    'needl',
    '\n- ',
    '\n  - ',
    '\n---\n',
    '\nkey:',
    ' ',
    '\\',
    '\r\n',
    '-',
    '\n',
  )
  const texts = ['needle', 'n', '\\\n', 'e\n']
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.array(piece, { maxLength: 60 }),
      fc.nat(20),
      (head, tail, length) => {
        const bytes = Buffer.from(`${head.join('')}${'x'.repeat(large + length)}${tail.join('')}`)
        const input = inOwnMemory(bytes)
        expect(scanned(input, texts)).toEqual(scanned(bytes, texts))
        const lines = [0, bytes.indexOf('\n') + 1, bytes.lastIndexOf('\n') + 1, bytes.length]
        for (const start of lines)
          for (const end of lines)
            expect(shallowLines(input, start, end, 2)).toEqual(shallowLines(bytes, start, end, 2))
        expect(input.equals(bytes)).toBe(true)
      },
    ),
    { numRuns: 100 },
  )
})

test('part of an input is scanned by itself, and nothing after it changes', () => {
  const bytes = Buffer.from(`${'x'.repeat(large)}ab\n- c`)
  const input = inOwnMemory(bytes)
  const head = input.subarray(0, large + 1)
  expect(scanned(head, ['a', 'ab'])).toEqual(scanned(bytes.subarray(0, large + 1), ['a', 'ab']))
  expect(input.equals(bytes)).toBe(true)
})

test('more texts than there is room for before an input', () => {
  const texts = Array.from({ length: 20_000 }, (_, index) => `text ${index * 7919}.`)
  const bytes = Buffer.from(`${'x'.repeat(large)}${texts[100]} ${texts.at(-1)}`)
  expect(scanned(inOwnMemory(bytes), texts)).toEqual(scanned(bytes, texts))
})

test('more is found than there is room for on the tape', () => {
  const texts = Array.from({ length: 12 }, (_, index) => 'a'.repeat(index + 1))
  const bytes = Buffer.from('a'.repeat(large))
  const offsets = Array.from({ length: large }, (_, index) => index)
  for (const found of [scan(bytes, texts), scan(inOwnMemory(bytes), texts)].map(({ find }) =>
    find(texts),
  )) {
    expect(found.map(({ length, offsets }) => [length, offsets.length])).toEqual(
      texts.map(({ length }) => [length, large + 1 - length]),
    )
    expect(
      found.every(found => found.offsets.every((offset, index) => offset === offsets[index])),
    ).toBe(true)
  }
})

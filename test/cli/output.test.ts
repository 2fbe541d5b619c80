import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { writePieces } from '../../src/cli/output.ts'
import { bytesOf } from '../fixtures/bytes-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'output-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(pieces: readonly (Buffer | string)[]): Buffer {
  const file = join(folder, 'file')
  const descriptor = openSync(file, 'w')
  writePieces(descriptor, pieces)
  closeSync(descriptor)
  return readFileSync(file)
}

test('every piece is written whole and in order, of whatever size', () => {
  const size = fc.oneof(
    fc.nat(100),
    fc.integer({ min: 21_000, max: 22_000 }),
    fc.integer({ min: 65_000, max: 66_000 }),
    fc.constantFrom(65_536, 200_000),
  )
  const text = fc
    .tuple(fc.constantFrom('a', 'é', '日', '😀', '\ud800'), size)
    .map(([character, count]) => character.repeat(count))
  const bytes = fc.tuple(fc.nat(255), size).map(([byte, count]) => Buffer.alloc(count, byte))
  fc.assert(
    fc.property(fc.array(fc.oneof(text, bytes)), pieces => {
      expect(written(pieces).equals(bytesOf(pieces))).toBe(true)
    }),
  )
})

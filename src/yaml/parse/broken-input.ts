import { FunctionError } from '../../errors.ts'
import type { Place } from '../../place.ts'
import { lineEnd, lineStart, positionOf } from '../position.ts'

const excerptWidth = 100

/**
 * A BAD_INPUT error at a byte of the input: place, problem, then the line and a caret under the
 * character.
 */
export function brokenInput(
  bytes: Buffer,
  offset: number,
  problem: string,
  file: string | undefined,
): FunctionError {
  const { line, column } = positionOf(bytes, offset)
  const place: Place = { ...(file === undefined ? {} : { file }), line, column }
  return new FunctionError('BAD_INPUT', `${problem}${excerpt(bytes, offset)}`, place)
}

function excerpt(bytes: Buffer, offset: number): string {
  // logs must not show lines of a Secret, and where the documents of broken YAML begin cannot be
  // known
  if (/\bkind["']?\s*:\s*["']?Secret\b/.test(around(bytes, offset))) return ''
  const before = [
    ...shown(bytes.subarray(Math.max(lineStart(bytes, offset), offset - 4 * excerptWidth), offset)),
  ]
  const after = [
    ...shown(bytes.subarray(offset, Math.min(lineEnd(bytes, offset), offset + 4 * excerptWidth))),
  ]
  const cut = Math.max(0, before.length - excerptWidth / 2)
  const text = [...before.slice(cut), ...after].slice(0, excerptWidth).join('')
  return `\n  ${text.trimEnd()}\n  ${' '.repeat(before.length - cut)}^`
}

const around = (bytes: Buffer, offset: number) =>
  bytes.toString('latin1', Math.max(0, offset - 65_536), offset + 65_536)

const shown = (bytes: Buffer) =>
  bytes
    .toString()
    .replace(/^\uFEFF/, '')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')

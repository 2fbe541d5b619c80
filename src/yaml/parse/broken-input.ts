import { FunctionError } from '../../errors.ts'
import { lineEnd, lineStart, positionOf } from '../position.ts'

/**
 * A BAD_INPUT error at a byte of the input: its position and the problem, without any text of the
 * input. What can't be read may be a Secret, or a file that only a link made part of the input, and
 * errors end up in public logs.
 */
export function brokenInput(
  bytes: Buffer,
  offset: number,
  problem: string,
  file: string | undefined,
): FunctionError {
  const { line, column } = positionOf(bytes, offset)
  return new FunctionError('BAD_INPUT', problem, {
    ...(file === undefined ? {} : { file }),
    line,
    column,
  })
}

/** The error for a message of the `yaml` package about a byte of the input. */
export function brokenYaml(
  bytes: Buffer,
  offset: number,
  message: string,
  file: string | undefined,
): FunctionError {
  const line = bytes.subarray(lineStart(bytes, offset), lineEnd(bytes, offset))
  return brokenInput(bytes, offset, line.includes('{{') ? isTemplate : yamlProblem(message), file)
}

/** Of text that is not YAML yet. */
export const isTemplate =
  'is a template with `{{ }}`, as those of Helm charts are, not YAML; render it first, for example with `helm template`'

/**
 * The problem that an error of the `yaml` package reports, without what its message quotes of the
 * input: what follows a colon (`Unresolved tag: !hunter2`), or one of these beginnings.
 * Source: yaml 2, src/compose and src/doc/directives.ts.
 */
export function yamlProblem(message: string): string {
  const quoting = beginnings.find(beginning => message.startsWith(beginning))
  const problem = quoting ?? message.split(/(?<=\w):\s/, 1)[0]
  if (problem?.endsWith(' tag has no suffix')) return 'must be YAML: A tag has no suffix'
  const remedy = remedies.find(([beginning]) => message.startsWith(beginning))?.[1]
  return `must be YAML: ${problem}${remedy === undefined ? '' : `; ${remedy}`}`
}

/** For an alias that was probably meant as text, such as the version range `*.x`. */
export const quoteAsterisk = 'put quotes around a value that begins with `*`'

/** Version ranges and patterns often begin with these characters. */
const remedies: readonly (readonly [string, string])[] = [
  [
    'Block scalar header includes extra characters',
    'put quotes around a value that begins with `>` or `|`',
  ],
  ['Alias cannot be an empty string', quoteAsterisk],
]

const beginnings: readonly string[] = [
  'Invalid escape sequence',
  'Unknown directive',
  'Unresolved plain scalar',
  'Unsupported YAML version',
  "Verbatim tags aren't resolved",
]

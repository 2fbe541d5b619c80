import { FunctionError } from '../../../src/errors.ts'
import { brokenInput, yamlProblem } from '../../../src/yaml/parse/broken-input.ts'
import { parseFully } from '../../../src/yaml/parse/full-parser.ts'

const messageAt = (text: string, mark: string) => {
  const bytes = Buffer.from(text)
  return brokenInput(bytes, bytes.indexOf(mark), 'must be better', 'a.yaml').message
}

test.each([
  ['a line', 'a: b\nc: ]d\n', ']', 'a.yaml:2:4: must be better'],
  ['unicode', 'ü: 😀 ]', ']', 'a.yaml:1:6: must be better'],
  ['a byte order mark, which is not counted', '\ufeffa: ]', ']', 'a.yaml:1:4: must be better'],
  ['a Windows line', 'a: b\r\nc: ]\r\nb', ']', 'a.yaml:2:4: must be better'],
])('an error has the position in %s, and no text of it', (_name, text, mark, message) => {
  expect(messageAt(text, mark)).toBe(message)
})

test('the error has its code and its place; without a file, line and column', () => {
  const error = brokenInput(Buffer.from('a: ]'), 3, 'must be better', undefined)
  expect(error.code).toBe('BAD_INPUT')
  expect(error.place).toEqual({ line: 1, column: 4 })
})

test.each([
  ['Missing closing "quote', 'must be YAML: Missing closing "quote'],
  ['Missing , or : between flow map items', 'must be YAML: Missing , or : between flow map items'],
  ['Unresolved tag: !hunter2', 'must be YAML: Unresolved tag'],
  ['Invalid escape sequence \\xhunter2', 'must be YAML: Invalid escape sequence'],
  [
    'Unexpected scalar token in YAML stream: "hunter2"',
    'must be YAML: Unexpected scalar token in YAML stream',
  ],
  ['The !hunter2! tag has no suffix', 'must be YAML: A tag has no suffix'],
])('of the message %j what it quotes is not shown', (message, problem) => {
  expect(yamlProblem(message)).toBe(problem)
})

/** Where breaking it makes the parser quote something. */
const broken = [
  'password: hunter2secret',
  'password: "hunter2secret"',
  'stringData: {a: hunter2secret}',
]
const breaking = [
  ...'"\'[]{}!&*%@`|>:-?#,\\\t\n',
  ': ',
  ' #',
  '\n...',
  '\n---\n',
  '!<',
  '!e!',
  '%YAML ',
  '\\x',
  '|9',
]

test.each(broken)('no way to break %j shows a part of its value', text => {
  const shown = new Set<string>()
  for (let at = 0; at <= text.length; at++) {
    for (const piece of breaking) {
      const bytes = Buffer.from(text.slice(0, at) + piece + text.slice(at))
      try {
        parseFully(bytes, { start: 0, end: bytes.length, blank: 0 })
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error
        shown.add(error.message)
      }
    }
  }
  expect(shown.size).toBeGreaterThan(20)
  expect(
    [...shown].filter(message => /hunt|unte|nter|ter2|r2se|2sec|secr|ecre|cret/.test(message)),
  ).toEqual([])
})

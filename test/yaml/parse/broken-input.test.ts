import { brokenInput } from '../../../src/yaml/parse/broken-input.ts'

const messageAt = (text: string, mark: string) => {
  const bytes = Buffer.from(text)
  return brokenInput(bytes, bytes.indexOf(mark), 'must be better', 'a.yaml').message
}

test.each([
  ['a line', 'a: b\nc: ]d\n', ']', 'a.yaml:2:4: must be better\n  c: ]d\n     ^'],
  ['unicode', 'ü: 😀 ]', ']', 'a.yaml:1:6: must be better\n  ü: 😀 ]\n       ^'],
  ['a tab, as a space', 'a:\t]', ']', 'a.yaml:1:4: must be better\n  a: ]\n     ^'],
  [
    'control characters, as spaces',
    'a:\x1b[31m ]',
    ']',
    'a.yaml:1:9: must be better\n  a: [31m ]\n          ^',
  ],
  [
    'a byte order mark, which is not shown',
    '\ufeffa: ]',
    ']',
    'a.yaml:1:4: must be better\n  a: ]\n     ^',
  ],
  ['a Windows line', 'a: ]\r\nb', ']', 'a.yaml:1:4: must be better\n  a: ]\n     ^'],
])('a caret points into %s', (_name, text, mark, message) => {
  expect(messageAt(text, mark)).toBe(message)
})

test('of a long line a hundred characters are shown', () => {
  const [, line, caret] = messageAt(`${'x'.repeat(5000)}]${'y'.repeat(5000)}`, ']').split('\n')
  expect(line).toBe(`  ${'x'.repeat(50)}]${'y'.repeat(49)}`)
  expect(caret).toBe(`  ${' '.repeat(50)}^`)
})

test.each(['kind: Secret\ndata: ]x', '{"kind":"Secret","data": ]x'])(
  'nothing is shown near a Secret: %j',
  text => {
    expect(messageAt(text, ']')).toMatch(/^a\.yaml:\d:\d+: must be better$/)
  },
)

test('the error has its code and its place; without a file, line and column', () => {
  const error = brokenInput(Buffer.from('a: ]'), 3, 'must be better', undefined)
  expect(error.code).toBe('BAD_INPUT')
  expect(error.place).toEqual({ line: 1, column: 4 })
})

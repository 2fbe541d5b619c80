import { escapeControls, formatMessage } from '../../src/report/escape.ts'

test.each([
  ['an escape', '\u001b[31mred', '\\u001b[31mred'],
  ['a bell and a carriage return', 'a\u0007\rb', 'a\\u0007\\u000db'],
  ['bidirectional overrides', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
  [
    'a command of Azure Pipelines',
    'a ##vso[task.setvariable variable=x]y',
    'a # #vso[task.setvariable variable=x]y',
  ],
  ['a command of GitHub', '##[add-mask]x ###[group]y', '# #[add-mask]x ## #[group]y'],
  ['a heading', '## [text]', '## [text]'],
  ['other text', 'naïve 日本 😀\t!', 'naïve 日本 😀\t!'],
])('%s is made visible', (_name, text, shown) => {
  expect(escapeControls(text)).toBe(shown)
  expect(formatMessage(text)).toBe(shown)
})

test('every character that could drive a terminal is made visible', () => {
  const controls = [
    ...Array(0x20).keys(),
    ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  ]
  for (const code of controls.filter(code => code !== 0x09 && code !== 0x0a))
    expect(escapeControls(String.fromCharCode(code))).toBe(
      `\\u${code.toString(16).padStart(4, '0')}`,
    )
})

test('line ends are kept in text, and mark the next line of a message as its continuation', () => {
  expect(escapeControls('a\nb')).toBe('a\nb')
  expect(formatMessage('a\nerror: b\n::group::')).toBe('a\n  | error: b\n  | ::group::')
})

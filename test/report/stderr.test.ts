import { FunctionError } from '../../src/errors.ts'
import type { Evaluation } from '../../src/evaluate.ts'
import { escapeControls, formatMessage } from '../../src/report/escape.ts'
import { formatStderr } from '../../src/report/stderr.ts'
import type { Change } from '../../src/rewrite/change.ts'

const change = {
  resource: { id: { apiVersion: 'v1', kind: 'Pod', name: 'p' } },
  kind: 'image',
  path: ['spec', 'containers', 0, 'image'],
  before: 'a:1',
  after: 'a:2',
  policy: { id: { original: { namespace: 'x', name: 'app' } } },
  reason: 'the best',
} as unknown as Change
const nothing = {
  config: { mode: 'apply' },
  errors: [],
  notices: [],
  resolutions: new Map(),
  changes: [],
  removals: [],
} as unknown as Evaluation
const check: Evaluation = { ...nothing, config: { ...nothing.config, mode: 'check' } }
const written = (evaluation: Evaluation) => [...formatStderr(evaluation)].join('')

test('an evaluation without problems and changes writes nothing', () => {
  expect(written(nothing)).toBe('')
})

test('a line for each warning, note and change; information is not written', () => {
  const notices = [
    { severity: 'info', problem: 'quiet' },
    { severity: 'warning', problem: 'careful' },
    { severity: 'note', problem: 'locked' },
  ] as const
  const move = 'Pod p spec.containers[0].image: "a:1" -> "a:2" (x/app: the best)\n'
  expect(written({ ...nothing, notices, changes: [change] })).toBe(
    `warning: careful\nnote: locked\nupdate: ${move}`,
  )
  expect(written({ ...check, changes: [change] })).toBe(`error: ${move}`)
})

test('an annotation has a line only if no image of its object changes, and none in a check', () => {
  const annotation = {
    ...change,
    kind: 'annotation' as const,
    path: ['metadata', 'annotations', 'fluxcd.io/tag.a'],
    before: undefined,
    after: '2',
  }
  const changes = [change, annotation]
  expect(written({ ...nothing, changes })).toBe(
    'update: Pod p spec.containers[0].image: "a:1" -> "a:2" (x/app: the best)\n',
  )
  expect(written({ ...nothing, changes: [annotation] })).toBe(
    'update: Pod p metadata.annotations[fluxcd.io/tag.a]: set to "2" (x/app: the best)\n',
  )
  expect(written({ ...check, changes: [annotation] })).toBe('')
})

test('each change has its line, however many there are', () => {
  const changes = Array.from({ length: 200 }, (_, number) => ({ ...change, after: `a:${number}` }))
  const lines = written({ ...nothing, changes }).split('\n')
  expect(lines.map(line => /-> "a:(\d+)"/.exec(line)?.[1])).toEqual([
    ...changes.map((_, number) => `${number}`),
    undefined,
  ])
})

test('after an error no change is reported', () => {
  const errors = [
    new FunctionError('BAD_INPUT', 'must be x', { file: 'a.yaml', line: 1, column: 2 }),
  ]
  expect(written({ ...nothing, errors, changes: [change] })).toBe('error: a.yaml:1:2: must be x\n')
})

test('text of a manifest can write no line of its own, and no command of a CI runner', () => {
  const errors = [
    new FunctionError('BAD_FIELD', 'must be x, got "a\n::stop-commands::x\nerror: y"'),
  ]
  expect(written({ ...nothing, errors })).toBe(
    'error: must be x, got "a\n  | ::stop-commands::x\n  | error: y"\n',
  )
})

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

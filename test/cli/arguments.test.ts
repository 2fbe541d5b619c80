import { parseArguments } from '../../src/cli/arguments.ts'
import { FunctionError } from '../../src/errors.ts'

const none = { help: false, version: false, settings: [], policies: [], verbosity: 'normal' }

test.each([
  [[], {}],
  [['--help'], { help: true }],
  [['-h'], { help: true }],
  [['--version'], { version: true }],
  [['--quiet'], { verbosity: 'quiet' }],
  [['--verbose'], { verbosity: 'verbose' }],
  [['--config', 'a.yaml'], { config: 'a.yaml' }],
  [['--output=out.yaml'], { output: 'out.yaml' }],
  [['--output=-a'], { output: '-a' }],
  [['--policies', 'a', '--policies=b'], { policies: ['a', 'b'] }],
  [
    ['--set', 'a=b=c', '--set', 'd='],
    {
      settings: [
        ['a', 'b=c'],
        ['d', ''],
      ],
    },
  ],
  [['--use', 'apps/*', '--use', '*/web'], { settings: [['usePolicies', '["apps/*","*/web"]']] }],
  [
    ['--use', '*', '--set', 'usePolicies=["x"]'],
    {
      settings: [
        ['usePolicies', '["x"]'],
        ['usePolicies', '["*"]'],
      ],
    },
  ],
])('%j', (argv, expected) => {
  expect(parseArguments(argv)).toEqual({ ...none, ...expected })
})

test.each([
  [['a.yaml']],
  [['--', 'a']],
  [['-x']],
  [['-hx']],
  [['--__proto__']],
  [['--constructor=a']],
  [['--toString']],
  [['--no-help']],
  [['--policies']],
  [['--policies=']],
  [['--policies', '--help']],
  [['--help=a']],
  [['--output', 'a', '--output', 'b']],
  [['--set', '=a']],
])('%j is an error', argv => {
  expect(() => parseArguments(argv)).toThrow(FunctionError)
})

test('`--` ends the options', () => {
  expect(parseArguments(['--quiet', '--'])).toEqual({ ...none, verbosity: 'quiet' })
})

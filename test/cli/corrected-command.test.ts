import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { parseArguments } from '../../src/cli/arguments.ts'
import { correctedCommand } from '../../src/cli/corrected-command.ts'
import { folderOf } from '../fixtures/folder.ts'

const words = [
  ...['--policies', '--policy', '-p', '--polices=', '--config', '-f', '--file', '--output', '-o'],
  ...['--set', '--strict', '--mode', '--dry-run', '--verbose', '--quiet', '-h', '-x', '--', '-'],
  ...['a.yaml', 'my file.yaml', "it's/", '$HOME', '`id`', '', '=', 'mode=check', 'check', '--é'],
]

const folder = folderOf({ 'a.yaml': '', 'my file.yaml': '' })

/** The arguments that bash reads from the command. */
const readByShell = (command: string) =>
  execFileSync(
    'bash',
    ['-c', `image-policy() { printf '%s\\0' "$@"; }; kustomize() { :; }; ${command}`],
    { cwd: folder, encoding: 'utf8' },
  )
    .split('\0')
    .slice(0, -1)

test('every suggestion is a command that a shell can run and that the program accepts', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 6 }), argv => {
      const command = correctedCommand(argv)
      if (command === undefined) return
      const args = readByShell(command)
      expect(args).toContain('--policies')
      expect(() => parseArguments(args)).not.toThrow()
    }),
    { numRuns: 150 },
  )
})

test('a suggestion corrects every mistake, or there is none', () => {
  expect(correctedCommand(['-p', 'a', '-f', 'b.yaml', '--dry-run'])).toBe(
    'image-policy --policies a --set mode=check < b.yaml',
  )
  expect(correctedCommand(['-p', 'a', '--frobnicate'])).toBeUndefined()
})

test('a thousand files are too many to guess', () => {
  expect(
    correctedCommand(Array.from({ length: 1000 }, (_, index) => `${index}.yaml`)),
  ).toBeUndefined()
})

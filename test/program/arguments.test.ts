import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'
import { runProgram } from '../fixtures/program.ts'

test('--version prints the version of package.json', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(await runProgram(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 })
})

test.each([['--help'], ['-h'], ['--help', '--policies', 'nowhere']])(
  '%s %s %s prints the help on stdout',
  async (...args) => {
    const { stdout, stderr, code } = await runProgram(args)
    expect(stdout).toMatch(/^image-policy: updates container images in manifests/)
    expect(stdout).toContain('--policies PATH')
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  },
)

test('--set with an unknown key names the nearest known key', async () => {
  const { stdout, stderr, code } = await runProgram(['--set', 'sorce=status'], {
    input: 'kind: Pod\napiVersion: v1\nmetadata: {name: a}\n',
  })
  expect(stderr).toContain('`source`')
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
})

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

test.each([
  [['--polices', 'x'], /^error: .*'--polices'.*image-policy --help\n$/],
  [['--policies'], /^error: .*--policies.*image-policy --help\n$/],
  [
    ['deploy.yaml'],
    /^error: takes manifests on stdin, got the argument "deploy.yaml"; see image-policy --help\n$/,
  ],
  [['--set', 'strict'], /^error: --set must be KEY=VALUE, .*got "strict"\n$/],
  [
    ['--policies', '/nowhere/policies'],
    /^error: .*\/nowhere\/policies.* must be a file or folder that can be read \(ENOENT\)\n$/,
  ],
  [
    ['--config', '/nowhere/config.yaml'],
    /^error: .*\/nowhere\/config.yaml.* must be a file or folder that can be read \(ENOENT\)\n$/,
  ],
])('%j: exit code 1, one line on stderr, nothing on stdout', async (args, line) => {
  const { stdout, stderr, code } = await runProgram(args)
  expect(stderr).toMatch(line)
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
})

test('--set with an unknown key names the nearest known key', async () => {
  const { stdout, stderr, code } = await runProgram(['--set', 'sorce=status'], {
    input: 'kind: Pod\napiVersion: v1\nmetadata: {name: a}\n',
  })
  expect(stderr).toContain('`source`')
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtProgram, root } from './fixtures/built-program.ts'

const expected = `${root}demo/expected.txt`

beforeAll(() => {
  builtProgram('image-policy.js')
})

/** Runs the demo with a pipe as stdout. In its output, the registry's port is replaced by 5000. */
function runDemo(env: Record<string, string>, ...options: string[]) {
  const run = spawnSync(process.execPath, [`${root}scripts/demo.mjs`, ...options], {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  })
  return { ...run, stdout: run.stdout.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:5000') }
}

test('the demo shows the changes and their reasons, and removes its files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'))
  const { stdout, stderr, status } = runDemo({ TMPDIR: folder })
  if (process.env.UPDATE_EXAMPLES) writeFileSync(expected, stdout)
  expect(stderr).toBe('')
  expect(stdout).toBe(readFileSync(expected, 'utf8'))
  expect(status).toBe(0)
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

test.each([
  ['FORCE_COLOR colours a pipe', { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0 does not', { FORCE_COLOR: '0' }, false],
  ['NO_COLOR does not', { NO_COLOR: '1' }, false],
] as const)('%s', (_name, env, colored) => {
  expect(runDemo(env).stdout.includes('\u001b[32m+')).toBe(colored)
})

test('the demo passes its arguments to the program and returns the exit code of the program', () => {
  const { stdout, status } = runDemo({}, '--set', 'mode=check')
  expect(status).toBe(2)
  expect(stdout).toContain('exit code 2\n')
})

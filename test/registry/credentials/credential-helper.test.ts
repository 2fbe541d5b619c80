import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helperName, runHelper } from '../../../src/registry/credentials/credential-helper.ts'

const folder = mkdtempSync(join(tmpdir(), 'helpers-'))
afterAll(() => rmSync(folder, { recursive: true }))

function helper(name: string, script: string, mode = 0o755) {
  const path = join(folder, `docker-credential-${name}`)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, mode)
}
const run = (name: string, timeout?: number) =>
  runHelper(name, 'ghcr.io', { PATH: `${folder}:/usr/bin:/bin`, HOME: '/home/me' }, timeout)

test('is asked by its protocol, in the operator’s environment', async () => {
  helper(
    'echo',
    'read -r url || true; printf \'{"ServerURL":"%s","Username":"%s %s","Secret":"%s"}\' "$url" "$1" "$HOME" "$url"',
  )
  expect(await run('echo')).toEqual({ kind: 'found', username: 'get /home/me', secret: 'ghcr.io' })
})

test('does not start in the folder of the package', async () => {
  helper('where', 'printf \'{"Username":"%s","Secret":"x"}\' "$PWD"')
  expect(await run('where')).not.toMatchObject({ username: process.cwd() })
})

test.each([
  ['has nothing', 'echo "credentials not found in native keychain"; exit 1', { kind: 'notFound' }],
  ['gives an empty secret', `echo '{"Username":"","Secret":""}'`, { kind: 'empty' }],
  [
    'waits for the keychain of macOS',
    'echo "error getting credentials - err: User interaction is not allowed. (-25308)"; exit 1',
    { kind: 'locked' },
  ],
  [
    'waits for the keyring of GNOME',
    'echo "Cannot autolaunch D-Bus without X11 \\$DISPLAY"; exit 1',
    { kind: 'locked' },
  ],
  [
    'waits for the passphrase of a key',
    'echo "exit status 2: gpg: decryption failed: No secret key"; exit 1',
    { kind: 'locked' },
  ],
  [
    'fails',
    'echo secret; echo secret >&2; exit 3',
    { kind: 'failed', reason: 'ended with exit code 3' },
  ],
  ['is killed', 'kill -9 $$', { kind: 'failed', reason: 'ended with SIGKILL' }],
  [
    'prints no JSON',
    'echo secret',
    { kind: 'failed', reason: 'must print JSON with `Username` and `Secret`' },
  ],
  [
    'prints other JSON',
    `echo '{"token":"secret"}'`,
    { kind: 'failed', reason: 'must print JSON with `Username` and `Secret`' },
  ],
  [
    'prints null',
    'echo null',
    { kind: 'failed', reason: 'must print JSON with `Username` and `Secret`' },
  ],
  [
    'prints without end',
    'while :; do echo secretsecretsecret; done',
    { kind: 'failed', reason: 'printed more than 64 KiB' },
  ],
  [
    'never reads its input',
    `exec <&-; echo '{"Username":"me","Secret":"s"}'`,
    { kind: 'found', username: 'me', secret: 's' },
  ],
])('a helper that %s', async (name, script, answer) => {
  const program = name.replaceAll(' ', '-')
  helper(program, script)
  expect(await run(program)).toEqual(answer)
})

test('a helper that hangs, with a child that keeps its output open, is stopped', async () => {
  helper('hangs', 'sleep 5')
  const started = performance.now()
  expect(await run('hangs', 200)).toEqual({ kind: 'failed', reason: 'gave no answer in 0.2 s' })
  expect(performance.now() - started).toBeLessThan(3_000)
})

test('a missing helper, or one that is not a program', async () => {
  helper('text', 'echo', 0o644)
  expect(await run('absent')).toEqual({ kind: 'notInstalled' })
  expect(await run('text')).toEqual({ kind: 'notInstalled' })
})

test.each([
  ['osxkeychain', true],
  ['ecr-login', true],
  ['my.helper_2', true],
  ['', false],
  ['a/b', false],
  ['a b', false],
  ['a;b', false],
  ['$(a)', false],
  ['a\n', false],
  ['a\\b', false],
])('the name %j is legal: %s', (name, legal) => {
  expect(helperName.test(name)).toBe(legal)
})

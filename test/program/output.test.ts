import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf } from '../fixtures/folder.ts'
import { deploymentOf, policiesFor } from '../fixtures/manifests.ts'
import { program, runProgram } from '../fixtures/program.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'

const status = 'status:\n  latestRef:\n    name: ghcr.io/acme/app\n    tag: v1.3.0\n'
const policies = policiesFor('ghcr.io/acme') + status
const workload = deploymentOf('ghcr.io/acme')
const list = (spec: string) =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${[
    workload,
    ...policies.split('---\n'),
  ]
    .map(item => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`)
    .join(
      '',
    )}functionConfig:\n  apiVersion: fn.kpt.dev/v1alpha1\n  kind: ApplyImagePolicies\n  metadata: {name: a}\n  spec: ${spec}\n`
const fromStatus = ['--set', 'source=status']

/** One run in a folder with `policies.yaml` and `out.yaml`. */
async function run(args: readonly string[], input: string) {
  const folder = folderOf({ 'policies.yaml': policies, 'out.yaml': 'old\n' })
  chmodSync(join(folder, 'out.yaml'), 0o640)
  const finished = await runProgram(['--output', 'out.yaml', ...args], { input, cwd: folder })
  expect(readdirSync(folder)).toEqual(['out.yaml', 'policies.yaml'])
  expect(statSync(join(folder, 'out.yaml')).mode & 0o777).toBe(0o640)
  return { ...finished, written: readFileSync(join(folder, 'out.yaml'), 'utf8') }
}

test('a stream goes to the file instead of stdout', async () => {
  const args = ['--policies', 'policies.yaml', ...fromStatus]
  const plain = await runProgram(fromStatus, { input: `${policies}---\n${workload}` })
  const { stdout, stderr, code, written } = await run(args, workload)
  expect(written).toContain('image: ghcr.io/acme/app:v1.3.0 # the same image')
  expect(`${policies}---\n${written}`).toBe(plain.stdout)
  expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: plain.stderr, code: 0 })
})

test('a ResourceList goes to the file with its results', async () => {
  const { stdout, code, written } = await run([], list('{source: status}'))
  expect(written).toBe((await runProgram([], { input: list('{source: status}') })).stdout)
  expect(written).toContain('\nresults:\n')
  expect({ stdout, code }).toEqual({ stdout: '', code: 0 })
})

test.each([
  ['an error of a stream', ['--policies', 'nowhere'], workload, 1],
  ['a ResourceList with an error', [], list('{source: lock}'), 1],
  ['a check that finds updates', [...fromStatus, '--set', 'mode=check'], list('{}'), 2],
  [
    'a registry that is not there',
    [],
    policiesFor('127.0.0.1:1') + deploymentOf('127.0.0.1:1').replace(/^/, '---\n'),
    3,
  ],
])('after %s the file is as it was', async (_, args, input, expected) => {
  const { stdout, stderr, code, written } = await run(args, input)
  expect(stderr).toMatch(/^error: /m)
  expect({ stdout, code, written }).toEqual({ stdout: '', code: expected, written: 'old\n' })
})

test('the file can be the one that is read', async () => {
  const folder = folderOf({ 'policies.yaml': policies, 'web.yaml': workload })
  symlinkSync('web.yaml', join(folder, 'link.yaml'))
  const script = `"$1" "$2" --policies policies.yaml --set source=status --output link.yaml < link.yaml`
  const { code } = await spawnToEnd('bash', ['-c', script, 'bash', process.execPath, program], {
    cwd: folder,
  })
  expect(readFileSync(join(folder, 'web.yaml'), 'utf8')).toContain('app:v1.3.0')
  expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true)
  expect(code).toBe(0)
})

test('a file that grows too large for its file system is as it was', async () => {
  const folder = folderOf({ 'out.yaml': 'old\n' })
  const script = `ulimit -f 64; trap '' XFSZ; "$1" "$2" --output out.yaml`
  const input = `apiVersion: v1\nkind: A\nmetadata: {name: a}\ndata: ${'x'.repeat(500_000)}\n`
  const { stderr, code } = await spawnToEnd(
    'bash',
    ['-c', script, 'bash', process.execPath, program],
    { cwd: folder, input },
  )
  expect(stderr).toMatch(/^error: out\.yaml must take all that is written, got EFBIG/m)
  expect(readFileSync(join(folder, 'out.yaml'), 'utf8')).toBe('old\n')
  expect(readdirSync(folder)).toEqual(['out.yaml'])
  expect(code).toBe(1)
})

test('--quiet reports only errors, --verbose also what each policy chose', async () => {
  const input = `${policies}---\n${workload}`
  const quiet = await runProgram([...fromStatus, '--quiet'], { input })
  const verbose = await runProgram([...fromStatus, '--verbose'], { input })
  const normal = await runProgram(fromStatus, { input })
  expect(quiet.stderr).toBe('')
  expect(verbose.stderr).toMatch(
    /^info: ImagePolicy flux-system\/app spec: chose "v1\.3\.0" of ghcr\.io\/acme\/app: /,
  )
  expect(verbose.stderr.endsWith(normal.stderr)).toBe(true)
  expect(new Set([quiet.stdout, verbose.stdout, normal.stdout]).size).toBe(1)

  const check = await runProgram([...fromStatus, '--quiet', '--set', 'mode=check'], { input })
  expect(check.stderr).toMatch(/^(?:error: .*\n){2}$/)
  expect(check.code).toBe(2)
})

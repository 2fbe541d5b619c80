import { policiesFor } from '../fixtures/manifests.ts'
import { runProgram } from '../fixtures/program.ts'

const policies = policiesFor('127.0.0.1:1')

test.each([
  ['an empty stdin', ''],
  ['whitespace', '  \n\n'],
  [
    'broken YAML',
    `${policies}---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: "127.0.0.1:1/app:v1"\n`,
  ],
  [
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from(policies), Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a])]),
  ],
  ['a ResourceList without items', 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'],
  [
    'a ResourceList with another document',
    'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n---\na: 1\n',
  ],
])('%s: exit code 1, one error on stderr, nothing on stdout', async (_name, input) => {
  const { stdout, stderr, code } = await runProgram([], { input })
  expect(stderr).toMatch(/^error: /)
  expect(stderr.match(/^error: /gm)).toHaveLength(1)
  expect(stderr).not.toContain('a bug in image-policy')
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
})

test('an unreachable registry: exit code 3, the host on stderr, no manifest on stdout', async () => {
  const workload =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "127.0.0.1:1/app:v1.2.3"}]}\n'
  const { stdout, stderr, code } = await runProgram([], { input: `${policies}---\n${workload}` })
  expect(stderr).toMatch(/^error: .*127\.0\.0\.1:1/)
  expect({ stdout, code }).toEqual({ stdout: '', code: 3 })
})

test('one run reports every problem', async () => {
  const policy = (name: string) =>
    `apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: ${name}, namespace: x}\nspec: {imageRepositoryRef: {name: none}, policy: {semver: {range: "1"}}}\n`
  const { stdout, stderr, code } = await runProgram([], {
    input: `${policy('one')}---\n${policy('two')}`,
  })
  expect(stderr).toMatch(/^error: ImagePolicy x\/one.*\nerror: ImagePolicy x\/two.*\n$/)
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
})

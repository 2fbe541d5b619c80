import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loopbackRegistry } from '../fixtures/loopback-registry.ts'
import { deploymentOf, policiesFor, tags } from '../fixtures/manifests.ts'
import { program, runProgram } from '../fixtures/program.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'

let registry: Awaited<ReturnType<typeof loopbackRegistry>>
let folder: string
beforeAll(async () => {
  registry = await loopbackRegistry(tags)
  folder = mkdtempSync(join(tmpdir(), 'image-policy-'))
  writeFileSync(join(folder, 'policies.yaml'), policiesFor(registry.host))
})
afterAll(async () => {
  await registry.stop()
  rmSync(folder, { recursive: true })
})

/** The expected workload: two images and one annotation changed, no other byte. */
const moved = () =>
  deploymentOf(registry.host, 'v1.3.0').replace(
    '  namespace: apps\n',
    '  namespace: apps\n  annotations:\n    fluxcd.io/tag.app: v1.3.0\n',
  )

const inItem = (text: string) =>
  text
    .trimEnd()
    .replace(/^(?=.)/gm, '  ')
    .replace(/^ {2}/, '- ')
const items = (...texts: string[]) => `items:\n${texts.map(inItem).join('\n')}\n`
const policyItems = () => policiesFor(registry.host).split('---\n')

describe('a stream', () => {
  test('is written with the images updated and no other byte changed', async () => {
    const other =
      '# a comment of its own\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: "other"}   \ndata:\n  a:   1 # odd\n'
    const { stdout, stderr, code } = await runProgram(['--policies', folder], {
      input: `${other}---\n${deploymentOf(registry.host)}`,
    })
    expect(stdout).toBe(`${other}---\n${moved()}`)
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
    expect(stderr).toContain('/app:v1.3.0"')
    expect(code).toBe(0)
  })

  test('keeps its policies where they are', async () => {
    const { stdout, code } = await runProgram([], {
      input: `${policiesFor(registry.host)}---\n${deploymentOf(registry.host)}`,
    })
    expect(stdout).toBe(`${policiesFor(registry.host)}---\n${moved()}`)
    expect(code).toBe(0)
  })

  test('can come from a file instead of a pipe', async () => {
    const file = join(folder, 'stdin.txt')
    writeFileSync(file, deploymentOf(registry.host))
    const script = `"$1" "$2" --policies "$3" < "$4"`
    const { stdout, code } = await spawnToEnd('bash', [
      '-c',
      script,
      'bash',
      process.execPath,
      program,
      folder,
      file,
    ])
    expect(stdout).toBe(moved())
    expect(code).toBe(0)
  })

  test('with mode=check has no output and exit code 2', async () => {
    const { stdout, stderr, code } = await runProgram(
      ['--policies', join(folder, 'policies.yaml'), '--set', 'mode=check'],
      {
        input: deploymentOf(registry.host),
      },
    )
    expect(stderr).toMatch(/^error: .*v1\.2\.3.*v1\.3\.0/m)
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  })
})

describe('a ResourceList', () => {
  test.each(['v1', 'v1beta1', 'v1alpha1'])(
    'of %s is written with changed items and results',
    async version => {
      const head = `apiVersion: config.kubernetes.io/${version}\nkind: ResourceList\n`
      const { stdout, code } = await runProgram([], {
        input: head + items(deploymentOf(registry.host), ...policyItems()),
      })
      const expected = head + items(moved(), ...policyItems())
      expect(stdout.slice(0, expected.length)).toBe(expected)
      expect(stdout.slice(expected.length)).toMatch(/^results:\n/)
      expect(code).toBe(0)
    },
  )

  const config =
    'functionConfig:\n  apiVersion: fn.kpt.dev/v1alpha1\n  kind: CheckImagePolicies\n  metadata:\n    name: check\n'
  test.each([
    ['before', (list: string) => config + list],
    ['after', (list: string) => list + config],
  ])('uses a functionConfig %s its items', async (_where, arrange) => {
    const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'
    const input = head + arrange(items(deploymentOf(registry.host), ...policyItems()))
    const { stdout, stderr, code } = await runProgram([], { input })
    expect(stdout.startsWith(input)).toBe(true)
    expect(stdout.slice(input.length)).toMatch(/^results:\n/)
    expect(stdout).toContain('severity: error')
    expect(stderr).toContain('v1.3.0')
    expect(code).toBe(2)
  })

  test('in JSON is written as JSON', async () => {
    const container = { name: 'web', image: `${registry.host}/app:v1.2.3` }
    const list = {
      apiVersion: 'config.kubernetes.io/v1',
      kind: 'ResourceList',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'web' },
          spec: { containers: [container] },
        },
        {
          apiVersion: 'image.toolkit.fluxcd.io/v1',
          kind: 'ImageRepository',
          metadata: { name: 'app', namespace: 'x' },
          spec: { image: `${registry.host}/app` },
        },
        {
          apiVersion: 'image.toolkit.fluxcd.io/v1',
          kind: 'ImagePolicy',
          metadata: { name: 'app', namespace: 'x' },
          spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '1.x' } } },
        },
      ],
    }
    const { stdout, code } = await runProgram([], { input: JSON.stringify(list) })
    const answer = JSON.parse(stdout)
    expect(answer.items[0].spec.containers[0].image).toBe(`${registry.host}/app:v1.3.0`)
    expect(answer.items[0].metadata.annotations).toEqual({ 'fluxcd.io/tag.app': 'v1.3.0' })
    expect(answer.results[0].severity).toBe('info')
    expect(Object.keys(answer).at(-1)).toBe('results')
    expect(code).toBe(0)
  })

  test.each(['items: []\n', 'items:\n'])('without items (%j) is valid', async empty => {
    const input = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${empty}`
    const { stdout, stderr, code } = await runProgram([], { input })
    expect(stdout.startsWith(input)).toBe(true)
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  })

  test('from an earlier run changes only in its results', async () => {
    const input = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n${items(deploymentOf(registry.host), ...policyItems())}`
    const first = await runProgram([], { input })
    const second = await runProgram([], { input: first.stdout })
    const itemsOf = (list: string) => list.slice(0, list.indexOf('\nresults:'))
    expect(itemsOf(second.stdout)).toBe(itemsOf(first.stdout))
    expect(second.stderr).toBe('')
  })
})

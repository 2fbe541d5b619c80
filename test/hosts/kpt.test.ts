import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { builtProgram } from '../fixtures/built-program.ts'
import { filesOf, folderOf } from '../fixtures/folder.ts'
import { deploymentOf, policiesFor, tags } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'
import { startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(60_000)

const program = builtProgram('apply-image-policies.js')

const kptfile = (more = '') => `apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: web
  annotations:
    config.kubernetes.io/local-config: "true"
pipeline:
  mutators:
    - exec: ${program}
${more}`

const config = `# how images are updated
apiVersion: fn.kpt.dev/v1alpha1
kind: ApplyImagePolicies
metadata:
  name: image-policies
  annotations:
    config.kubernetes.io/local-config: "true"
spec:
  annotations: false # nobody reads them here
`

const packageOf = (host: string) => ({
  Kptfile: kptfile(),
  'deployment.yaml': deploymentOf(host),
  'policies.yaml': policiesFor(host),
})

/** The expected workload: two images and one annotation changed, the comments unchanged. */
const moved = (host: string) =>
  deploymentOf(host, 'v1.3.0').replace(
    '  namespace: apps\n',
    '  namespace: apps\n  annotations:\n    fluxcd.io/tag.app: v1.3.0\n',
  )

const kpt = (...args: string[]) => spawnToEnd('kpt', ['fn', ...args])

needs('kpt', 'docker-registry')('kpt', () => {
  let registry: TestRegistry
  let host: string
  beforeAll(async () => {
    registry = await startRegistry()
    host = registry.host
    await registry.push('app', tags)
  })
  afterAll(() => registry.stop())

  test('fn render updates the images and keeps the comments; a second run changes no byte', async () => {
    const folder = folderOf(packageOf(host))
    const { stderr, code } = await kpt('render', '--allow-exec', folder)
    expect(stderr).toContain('summary: updated 2 images and 1 annotation by 1 policy')
    expect(code).toBe(0)
    const first = filesOf(folder)
    expect(first['deployment.yaml']).toBe(moved(host))
    expect(first['deployment.yaml']).toContain('# stays until the audit')
    expect(first['policies.yaml']).toBe(policiesFor(host))

    const again = await kpt('render', '--allow-exec', folder)
    expect(again.stderr).toContain('summary: everything is up to date by 1 policy')
    expect(filesOf(folder)).toEqual(first)
  })

  test('fn render with a functionConfig file keeps the comments of the file', async () => {
    const folder = folderOf({
      ...packageOf(host),
      Kptfile: kptfile('      configPath: image-policies.yaml\n'),
      'image-policies.yaml': config,
    })
    expect((await kpt('render', '--allow-exec', folder)).code).toBe(0)
    const files = filesOf(folder)
    expect(files['deployment.yaml']).toBe(deploymentOf(host, 'v1.3.0'))
    expect(files['image-policies.yaml']).toBe(config)
  })

  test('fn render with a configMap', async () => {
    const folder = folderOf({
      ...packageOf(host),
      Kptfile: kptfile('      configMap:\n        annotations: "false"\n'),
    })
    expect((await kpt('render', '--allow-exec', folder)).code).toBe(0)
    expect(filesOf(folder)['deployment.yaml']).toBe(deploymentOf(host, 'v1.3.0'))
  })

  test('fn render of a nested package', async () => {
    const folder = folderOf({
      Kptfile: kptfile(),
      'policies.yaml': policiesFor(host),
      'web/Kptfile': kptfile().split('pipeline:')[0] ?? '',
      'web/deployment.yaml': deploymentOf(host),
    })
    expect((await kpt('render', '--allow-exec', folder)).code).toBe(0)
    expect(filesOf(folder)['web/deployment.yaml']).toBe(moved(host))
  })

  test('fn render with the check as a validator fails if something is out of date, and changes no file', async () => {
    const check = config
      .replace('ApplyImagePolicies', 'CheckImagePolicies')
      .replace(/spec:\n.*\n/, '')
    const validated = (deployment: string) => ({
      Kptfile: kptfile('      configPath: check.yaml\n').replace('mutators', 'validators'),
      'check.yaml': check,
      'deployment.yaml': deployment,
      'policies.yaml': policiesFor(host),
    })
    const folder = folderOf(validated(deploymentOf(host)))
    const { stderr, code } = await kpt('render', '--allow-exec', folder)
    expect(stderr).toMatch(/\[error\].*v1\.2\.3.*v1\.3\.0/)
    expect(stderr).toContain('Exit code: 2')
    expect(code).toBe(1)
    expect(filesOf(folder)).toEqual(validated(deploymentOf(host)))
    expect((await kpt('render', '--allow-exec', folderOf(validated(moved(host))))).code).toBe(0)
  })

  test('fn eval updates the images in place', async () => {
    const folder = folderOf(packageOf(host))
    expect((await kpt('eval', folder, '--exec', program)).code).toBe(0)
    expect(filesOf(folder)['deployment.yaml']).toBe(moved(host))
  })

  test('fn eval with settings on the command line', async () => {
    const folder = folderOf(packageOf(host))
    expect((await kpt('eval', folder, '--exec', program, '--', 'mode=check')).code).toBe(1)
    expect(filesOf(folder)).toEqual(packageOf(host))
    expect((await kpt('eval', folder, '--exec', program, '--', 'annotations=false')).code).toBe(0)
    expect(filesOf(folder)['deployment.yaml']).toBe(deploymentOf(host, 'v1.3.0'))
  })

  test('fn source | program | fn sink', async () => {
    const folder = folderOf(packageOf(host))
    const sink = join(folderOf({}), 'out')
    const pipe = `set -o pipefail; kpt fn source ${folder} | ${program} | kpt fn sink ${sink}`
    expect(await spawnToEnd('bash', ['-c', pipe])).toMatchObject({ code: 0 })
    expect(readFileSync(join(sink, 'deployment.yaml'), 'utf8')).toBe(moved(host))
  })

  test('fn render --results-dir records each change with its file', async () => {
    const folder = folderOf(packageOf(host))
    const results = join(folderOf({}), 'results')
    expect((await kpt('render', '--allow-exec', folder, '--results-dir', results)).code).toBe(0)
    const text = readFileSync(join(results, 'results.yaml'), 'utf8')
    expect(text).toContain(`proposedValue: ${host}/app:v1.3.0`)
    expect(text).toContain('path: deployment.yaml')
  })

  test('an unreachable registry fails the render, is named, and no file changes', async () => {
    const dead = await startRegistry()
    await dead.stop()
    const folder = folderOf(packageOf(dead.host))
    const { stderr, code } = await kpt('render', '--allow-exec', folder)
    expect(stderr).toContain('[FAIL]')
    expect(stderr).toMatch(new RegExp(`\\[error\\].*${dead.host}`))
    expect(stderr).toContain('Exit code: 3')
    expect(code).toBe(1)
    expect(filesOf(folder)).toEqual(packageOf(dead.host))
  })

  test('a policy that a selector hides is reported by name', async () => {
    const folder = folderOf({
      ...packageOf(host),
      Kptfile: kptfile('      exclude:\n        - kind: ImageRepository\n'),
    })
    const { stderr, code } = await kpt('render', '--allow-exec', folder)
    expect(stderr).toMatch(
      /\[error\].*ImagePolicy flux-system\/app \(policies.yaml#1\).*ImageRepository/,
    )
    expect(code).toBe(1)
  })
})

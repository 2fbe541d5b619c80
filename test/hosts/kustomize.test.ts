import { jest } from '@jest/globals'
import { builtProgram } from '../fixtures/built-program.ts'
import { folderOf } from '../fixtures/folder.ts'
import { deploymentOf, policiesFor, tags } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { asExec, functionConfig, overlay, rendered } from '../fixtures/overlay.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'
import { startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(60_000)

const build = (folder: string, ...flags: string[]) =>
  spawnToEnd('kustomize', ['build', '--enable-alpha-plugins', '--enable-exec', ...flags, folder])

needs('kustomize', 'docker-registry')('kustomize', () => {
  let registry: TestRegistry
  let host: string
  beforeAll(async () => {
    registry = await startRegistry()
    host = registry.host
    await registry.push('app', tags)
  })
  afterAll(() => registry.stop())

  test('runs the function as a transformer', async () => {
    const { stdout, stderr, code } = await build(folderOf(overlay(host, asExec)))
    expect(stdout).toBe(rendered(host))
    expect(stderr).toContain(`"${host}/app:v1.2.3" -> "${host}/app:v1.3.0"`)
    expect(code).toBe(0)
  })

  test('runs the function with an inline functionConfig', async () => {
    const inline = functionConfig(asExec).replace(/^/gm, '    ').trimEnd()
    const folder = folderOf({
      ...overlay(host, asExec),
      'kustomization.yaml': `resources: [deployment.yaml, policies.yaml]\ntransformers:\n  - |\n${inline}\n`,
    })
    expect((await build(folder)).stdout).toBe(rendered(host))
  })

  test('pipes its output through the program, with a folder of policies', async () => {
    const folder = folderOf({
      'kustomization.yaml': 'resources: [deployment.yaml]\n',
      'deployment.yaml': deploymentOf(host),
      'policies/app.yaml': policiesFor(host),
    })
    const pipe = `set -o pipefail; kustomize build | ${builtProgram('image-policy.js')} --policies policies/`
    const { stdout, code } = await spawnToEnd('bash', ['-c', pipe], { cwd: folder })
    // the program adds its annotation at the end of the metadata, while kustomize sorts keys
    const annotations = `  annotations:\n    fluxcd.io/tag.app: v1.3.0\n`
    expect(stdout).toBe(
      rendered(host)
        .replace(annotations, '')
        .replace('  namespace: apps\n', `  namespace: apps\n${annotations}`),
    )
    expect(code).toBe(0)
  })

  test('a failed kustomize build gives empty output at the end of the pipe', async () => {
    const { stdout, stderr, code } = await spawnToEnd('bash', [
      '-c',
      `kustomize build nowhere | ${builtProgram('image-policy.js')}`,
    ])
    expect(stderr).toMatch(/^error: /m)
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
  })

  test('finds its policies after namePrefix and namespace', async () => {
    const folder = folderOf(overlay(host, asExec, 'namePrefix: prod-\nnamespace: prod\n'))
    const { stdout, stderr } = await build(folder)
    expect(stderr).not.toContain('warning')
    expect(stdout).toBe(
      rendered(host).replace('name: web\n  namespace: apps', 'name: prod-web\n  namespace: prod'),
    )
  })

  test('runs the function in a Component, before the prefix of the overlay', async () => {
    const {
      'image-policies.yaml': config,
      'policies.yaml': policies,
      'deployment.yaml': deployment,
    } = overlay(host, asExec)
    const folder = folderOf({
      'kustomization.yaml':
        'namePrefix: prod-\nresources: [deployment.yaml]\ncomponents: [policies]\n',
      'deployment.yaml': deployment ?? '',
      'policies/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [policies.yaml]\ntransformers: [image-policies.yaml]\n',
      'policies/policies.yaml': policies ?? '',
      'policies/image-policies.yaml': config ?? '',
    })
    expect((await build(folder)).stdout).toBe(
      rendered(host).replace('name: web\n  namespace', 'name: prod-web\n  namespace'),
    )
  })

  test('sees the tags that `images:` of the overlay sets', async () => {
    const folder = folderOf(
      overlay(host, asExec, `images: [{name: ${host}/app, newTag: v1.2.4}]\n`),
    )
    const { stdout, stderr } = await build(folder)
    expect(stderr).toContain(`"${host}/app:v1.2.4" -> "${host}/app:v1.3.0"`)
    expect(stdout).toBe(rendered(host))
  })

  test('fails if the check finds updates, and prints no manifest', async () => {
    const { stdout, stderr, code } = await build(
      folderOf(overlay(host, asExec, '', 'CheckImagePolicies')),
    )
    expect(stdout).toBe('')
    expect(stderr).toContain(`"${host}/app:v1.2.3" -> "${host}/app:v1.3.0"`)
    expect(stderr).toContain('exit status 2')
    expect(code).toBe(1)
  })

  test('passes the check if nothing is out of date', async () => {
    const folder = folderOf({
      ...overlay(host, asExec, '', 'CheckImagePolicies'),
      'deployment.yaml': rendered(host),
    })
    const { stdout, stderr, code } = await build(folder)
    expect({ stdout, stderr, code }).toEqual({ stdout: rendered(host), stderr: '', code: 0 })
  })

  test('fails if the registry is unreachable, names its host and prints no manifest', async () => {
    const dead = await startRegistry()
    await dead.stop()
    const { stdout, stderr, code } = await build(folderOf(overlay(dead.host, asExec)))
    expect(stdout).toBe('')
    expect(stderr).toMatch(new RegExp(`^error: .*${dead.host}`, 'm'))
    expect(stderr).toContain('exit status 3')
    expect(code).toBe(1)
  })

  test('an unknown key of the functionConfig fails the build', async () => {
    const folder = folderOf({
      ...overlay(host, asExec),
      'image-policies.yaml': `${functionConfig(asExec)}spec:\n  sorce: registry\n`,
    })
    const { stdout, stderr, code } = await build(folder)
    expect(stderr).toContain('`source`')
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
  })
})

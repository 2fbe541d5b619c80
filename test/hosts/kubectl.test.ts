import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { jest } from '@jest/globals'
import { builtProgram, root } from '../fixtures/built-program.ts'
import { folderOf } from '../fixtures/folder.ts'
import { tags } from '../fixtures/manifests.ts'
import { needs, pathOf } from '../fixtures/needs.ts'
import { asContainer, asExec, overlay, rendered } from '../fixtures/overlay.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'
import { startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(60_000)

/**
 * kubectl, and other releases that some packages install in the same folder, such as
 * `kubectl.1.33`.
 */
const folder = dirname(realpathSync(pathOf('kubectl') ?? process.execPath))
const kubectls = readdirSync(folder).filter(name => /^kubectl(\.\d+\.\d+)?$/.test(name))

const suite = needs('kubectl', 'docker-registry')

suite.each(kubectls)('%s kustomize', name => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry()
    await registry.push('app', tags)
  })
  afterAll(() => registry.stop())

  const build = (files: string, env: Record<string, string>) =>
    spawnToEnd(join(folder, name), ['kustomize', '--enable-alpha-plugins', '--network', files], {
      env: {
        PATH: `${join(root, 'test/hosts/shims/direct')}:${process.env.PATH}`,
        FUNCTION: builtProgram('image-policy.js'),
        ...env,
      },
    })

  test('runs the function as a container', async () => {
    const files = folderOf(overlay(registry.host, asContainer('localhost/image-policy-fn')))
    const { stdout, stderr, code } = await build(files, { ARGUMENTS: join(files, 'arguments') })
    expect(stdout).toBe(rendered(registry.host))
    expect(stderr).toContain('v1.3.0')
    expect(code).toBe(0)

    const docker = readFileSync(join(files, 'arguments'), 'utf8').split('\n')
    expect(docker).toContain('localhost/image-policy-fn')
    expect(docker[docker.indexOf('--network') + 1]).toBe('host')
  })

  test('skips an exec function without a message, as docs/kustomize.md warns', async () => {
    const { stdout, stderr, code } = await build(folderOf(overlay(registry.host, asExec)), {})
    expect(stdout).toContain(`${registry.host}/app:v1.2.3`)
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  })
})

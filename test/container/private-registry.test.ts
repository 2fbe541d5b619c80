import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { root } from '../fixtures/built-program.ts'
import { buildImage, podmanEnv } from '../fixtures/container-image.ts'
import { blocksOf } from '../fixtures/doc-page.ts'
import { filesOf, folderOf } from '../fixtures/folder.ts'
import { deploymentOf, policiesFor, tags } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'
import { labUser, startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(60_000)

/** The three ways of docs/container.md, "Private registries". */
needs(
  'podman',
  'runc',
  'docker-registry',
  'kpt',
)('a registry that needs a login', () => {
  let image: Awaited<ReturnType<typeof buildImage>>
  let registry: TestRegistry
  beforeAll(async () => {
    image = await buildImage()
    registry = await startRegistry({ auth: 'basic' })
    await registry.push('app', tags)
    await registry.push('shop/web', tags)
  })
  afterAll(async () => {
    await registry.stop()
    await image.remove()
  })

  const kpt = (args: readonly string[], env: Record<string, string> = {}) =>
    spawnToEnd('kpt', ['fn', ...args], { env: { ...podmanEnv, KPT_FN_RUNTIME: 'podman', ...env } })
  const config = () => JSON.stringify({ auths: { [registry.host]: labUser } })
  const files = () => ({
    'deployment.yaml': deploymentOf(registry.host),
    'policies.yaml': policiesFor(registry.host),
  })
  const evaluate = (folder: string, options: readonly string[], env?: Record<string, string>) =>
    kpt(['eval', folder, '--image', image.name, '--network', ...options], env)
  const updated = () => `image: ${registry.host}/app:v1.3.0`

  test('is read with the Secret that docs/container.md shows, also by kpt fn render', async () => {
    const page = readFileSync(join(root, 'docs/container.md'), 'utf8')
    const policies = blocksOf(page).find(({ text }) => text.includes('kind: Secret'))?.text ?? ''
    const folder = folderOf({
      Kptfile: `apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: web\npipeline:\n  mutators:\n    - image: ${image.name}\n`,
      'deployment.yaml': deploymentOf(registry.host).replaceAll('/app:', '/shop/web:'),
      'policies.yaml': policies
        .replaceAll('registry.example.com', registry.host)
        .replace('"robot"', `"${labUser.username}"`)
        .replace('"..."', `"${labUser.password}"`),
    })
    expect(await kpt(['render', folder, '--allow-network'])).toMatchObject({ code: 0 })
    expect(filesOf(folder)['deployment.yaml']).toContain(`image: ${registry.host}/shop/web:v1.3.0`)
  })

  test("is read with Docker's configuration in a mount", async () => {
    const docker = folderOf({ 'config.json': config() })
    const folder = folderOf(files())
    const mount = ['--mount', `type=bind,src=${docker},dst=/docker`, '-e', 'DOCKER_CONFIG=/docker']
    expect(await evaluate(folder, [...mount, '--as-current-user'])).toMatchObject({ code: 0 })
    expect(filesOf(folder)['deployment.yaml']).toContain(updated())
  })

  test('is read with a variable of the environment', async () => {
    const folder = folderOf(files())
    const variable = { DOCKER_AUTH_CONFIG: config() }
    expect(await evaluate(folder, ['-e', 'DOCKER_AUTH_CONFIG'], variable)).toMatchObject({
      code: 0,
    })
    expect(filesOf(folder)['deployment.yaml']).toContain(updated())
  })

  test('fails without a login, and no file changes', async () => {
    const folder = folderOf(files())
    const { stderr, code } = await evaluate(folder, [])
    expect(stderr).toContain('asked anonymously')
    expect(code).toBe(1)
    expect(filesOf(folder)).toEqual(files())
  })
})

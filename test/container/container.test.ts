import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { jest } from '@jest/globals'
import { root } from '../fixtures/built-program.ts'
import { asHostsRun, buildImage, podman, podmanEnv } from '../fixtures/container-image.ts'
import { filesOf, folderOf } from '../fixtures/folder.ts'
import { deploymentOf, longWork, policiesFor, tags } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { asContainer, functionConfig, overlay, rendered } from '../fixtures/overlay.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'
import { startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(60_000)

needs(
  'podman',
  'runc',
  'docker-registry',
  'kustomize',
  'kubectl',
  'kpt',
)('the container image', () => {
  let image: Awaited<ReturnType<typeof buildImage>>
  let registry: TestRegistry
  let host: string
  beforeAll(async () => {
    image = await buildImage()
    registry = await startRegistry()
    host = registry.host
    await registry.push('app', tags)
  })
  afterAll(async () => {
    await registry.stop()
    await image.remove()
  })

  const moved = () =>
    deploymentOf(host, 'v1.3.0').replace(
      '  namespace: apps\n',
      '  namespace: apps\n  annotations:\n    fluxcd.io/tag.app: v1.3.0\n',
    )
  const stream = () => `${policiesFor(host)}---\n${deploymentOf(host)}`

  test('has labels, and runs the program as nobody', async () => {
    const { stdout } = await podman(['inspect', image.name])
    const [{ Config: config }] = JSON.parse(stdout)
    expect(config.Entrypoint).toEqual(['node', '/app/dist/image-policy.js'])
    expect(config.User).toBe('nobody')
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'image-policy-fn',
      'org.opencontainers.image.licenses': 'Apache-2.0',
    })
  })

  test('contains the code that its own Node compiled', async () => {
    const file =
      '`/app/dist/code-cache/${process.version}-${process.arch}-${fs.statSync(process.execPath).size}/main.js.bin`'
    const { stdout } = await podman([
      'run',
      ...asHostsRun,
      '--entrypoint',
      'node',
      image.name,
      '-p',
      `fs.existsSync(${file})`,
    ])
    expect(stdout).toBe('true\n')
  })

  test('works with a read-only root and without a network if it asks no registry', async () => {
    const sealed = ['run', ...asHostsRun, '--read-only', '--network', 'none', image.name]
    const input = deploymentOf('ghcr.io/acme')
    const finished = await podman([...sealed, '--quiet'], { input })
    expect(finished).toEqual({ stdout: input, stderr: '', code: 0 })
    expect((await podman([...sealed, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('asks a registry over the host network', async () => {
    const { stdout, code } = await podman(
      ['run', ...asHostsRun, '--read-only', '--network', 'host', image.name],
      { input: stream() },
    )
    expect(stdout).toBe(`${policiesFor(host)}---\n${moved()}`)
    expect(code).toBe(0)
  })

  test('without a network, reports how to get one in each host', async () => {
    const { stdout, stderr, code } = await podman(
      ['run', ...asHostsRun, '--network', 'none', image.name],
      { input: stream() },
    )
    expect(stderr).toMatch(
      /^error: .*no network.*`--network` together with `network: true`.*`--allow-network`/,
    )
    expect({ stdout, code }).toEqual({ stdout: '', code: 3 })
  })

  describe('ends on SIGTERM', () => {
    const name = `image-policy-fn-test-${process.pid}`
    const start = (...args: readonly string[]) => {
      const child = spawn('podman', ['run', ...asHostsRun, '--name', name, image.name, ...args], {
        env: { ...process.env, ...podmanEnv },
      })
      const ended = new Promise(resolve => child.on('close', resolve))
      let output = ''
      child.stdout.on('data', chunk => (output += chunk))
      child.stderr.on('data', chunk => (output += chunk))
      return { child, ended: ended.then(code => ({ code, output })) }
    }

    test('while it waits for stdin', async () => {
      const { ended } = start()
      // the program installs its handler when it starts; an earlier signal has no effect on the
      // first process of a container
      const again = setInterval(() => podman(['kill', '--signal', 'TERM', name]), 500)
      expect(await ended).toEqual({ code: 143, output: '' })
      clearInterval(again)
    })

    // a process that ignores the signal would be killed, with 137, or finish its work, with 0
    test('while it computes', async () => {
      const { child, ended } = start()
      await new Promise<void>(resolve => child.stdin.end(longWork(), resolve))
      await sleep(1_500)
      await podman(['stop', '--time', '9', name])
      expect(await ended).toEqual({ code: 143, output: '' })
    })
  })

  test('a large input leaves as it came', async () => {
    const input = deploymentOf('ghcr.io/acme').concat('---\n').repeat(8_000)
    const { stdout, code } = await podman(['run', ...asHostsRun, image.name, '--quiet'], { input })
    expect(input.length).toBeGreaterThan(2e6)
    expect(stdout === input).toBe(true)
    expect(code).toBe(0)
  })

  describe.each(['kubectl', 'kustomize'])('in %s', tool => {
    const build = (folder: string) => {
      const command = tool === 'kubectl' ? ['kubectl', 'kustomize'] : ['kustomize', 'build']
      const [program = '', ...args] = [...command, '--enable-alpha-plugins', '--network', folder]
      const env = {
        ...podmanEnv,
        PATH: `${join(root, 'test/hosts/shims/podman')}:${process.env.PATH}`,
      }
      return spawnToEnd(program, args, { env })
    }

    test('is a transformer', async () => {
      const { stdout, code } = await build(folderOf(overlay(host, asContainer(image.name))))
      expect(stdout).toBe(rendered(host))
      expect(code).toBe(0)
    })

    test('fails without `network: true`, and reports it', async () => {
      const how = asContainer(image.name).replace(/\n +network: true/, '')
      const { stdout, stderr, code } = await build(
        folderOf({ ...overlay(host, how), 'image-policies.yaml': functionConfig(how) }),
      )
      expect(stdout).toBe('')
      expect(stderr).toContain('`network: true`')
      expect(code).toBe(1)
    })
  })

  describe('in kpt', () => {
    const kpt = (...args: string[]) =>
      spawnToEnd('kpt', ['fn', ...args], { env: { ...podmanEnv, KPT_FN_RUNTIME: 'podman' } })
    const files = () => ({
      'deployment.yaml': deploymentOf(host),
      'policies.yaml': policiesFor(host),
    })
    const kptfile = () =>
      `apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: web\npipeline:\n  mutators:\n    - image: ${image.name}\n`

    test('fn eval updates images', async () => {
      const folder = folderOf(files())
      expect(await kpt('eval', folder, '--image', image.name, '--network')).toMatchObject({
        code: 0,
      })
      expect(filesOf(folder)['deployment.yaml']).toBe(moved())
    })

    test('fn render updates images, and a second run changes no byte', async () => {
      const folder = folderOf({ ...files(), Kptfile: kptfile() })
      expect(await kpt('render', '--allow-network', folder)).toMatchObject({ code: 0 })
      const first = filesOf(folder)
      expect(first['deployment.yaml']).toBe(moved())
      expect(await kpt('render', '--allow-network', folder)).toMatchObject({ code: 0 })
      expect(filesOf(folder)).toEqual(first)
    })

    test('fn render without --allow-network fails, reports it, and changes no file', async () => {
      const folder = folderOf({ ...files(), Kptfile: kptfile() })
      const { stderr, code } = await kpt('render', folder)
      expect(stderr).toContain('`--allow-network` (fn render)')
      expect(code).toBe(1)
      expect(filesOf(folder)['deployment.yaml']).toBe(deploymentOf(host))
    })
  })
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'
import { podman } from '../fixtures/container-image.ts'
import { folderOf } from '../fixtures/folder.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd, spawnWell } from '../fixtures/spawn.ts'
import { startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

const pin = (...args: readonly string[]) =>
  spawnToEnd('node', [join(root, 'scripts/pin-images.mjs'), ...args])

needs('docker-registry', 'skopeo')('scripts/pin-images.mjs', () => {
  let registry: TestRegistry
  let digests: ReadonlyMap<string, string>
  beforeAll(async () => {
    registry = await startRegistry()
    digests = await registry.push('library/node', ['24-slim', 'latest'], { index: true })
  })
  afterAll(() => registry.stop())

  const digestOf = (tag: string) => digests.get(tag) ?? ''
  const old = `sha256:${'0'.repeat(64)}`
  const fileOf = (...lines: readonly string[]) =>
    join(folderOf({ Dockerfile: `${lines.join('\n')}\n` }), 'Dockerfile')

  test.each([
    ['24-slim', '24-slim', 'a tag'],
    ['latest', '', 'no tag'],
    ['24-slim', `24-slim@${old}`, 'a digest that is old'],
  ])(
    'pins to the digest of the list of platforms of %s, if the line has %s (%s)',
    async (tag, written) => {
      const image = `${registry.host}/library/node`
      const file = fileOf(
        '# a comment',
        `ARG NODE_IMAGE=${image}${written && `:${written}`}`,
        'FROM ${NODE_IMAGE}',
      )
      expect(await pin('--plain-http', file)).toMatchObject({ stderr: '', code: 0 })
      expect(readFileSync(file, 'utf8')).toBe(
        `# a comment\nARG NODE_IMAGE=${image}:${tag}@${digestOf(tag)}\nFROM \${NODE_IMAGE}\n`,
      )
      expect(await pin('--plain-http', '--check', file)).toMatchObject({ code: 0 })
    },
  )

  test('pins both base images of the Dockerfile, and nothing else changes', async () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
    const argument = /^(ARG \w+_IMAGE=)\S+$/gm
    const local = dockerfile.replace(argument, `$1${registry.host}/library/node:24-slim`)
    const file = join(folderOf({}), 'Dockerfile')
    writeFileSync(file, local)
    expect(await pin('--plain-http', '--check', file)).toMatchObject({ code: 2 })
    expect(readFileSync(file, 'utf8')).toBe(local)
    expect(await pin('--plain-http', file)).toMatchObject({ code: 0 })
    expect(local.match(argument)).toHaveLength(2)
    expect(readFileSync(file, 'utf8')).toBe(
      local.replaceAll(':24-slim', `:24-slim@${digestOf('24-slim')}`),
    )
  })

  test('writes a reference that buildah and podman can pull', async () => {
    const { stdout } = await podman([
      'pull',
      '--quiet',
      '--tls-verify=false',
      `${registry.host}/library/node:24-slim@${digestOf('24-slim')}`,
    ])
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/)
    await podman(['rmi', '--force', stdout.trim()])
  })

  test('changes nothing if an image is unknown', async () => {
    const known = `ARG A_IMAGE=${registry.host}/library/node:24-slim`
    const file = fileOf(known, `ARG B_IMAGE=${registry.host}/library/node:none`)
    const before = readFileSync(file, 'utf8')
    const { stderr, code } = await pin('--plain-http', file)
    expect(stderr).toMatch(/^error: \S+\/library\/node:none: .*manifest unknown/s)
    expect(code).toBe(1)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('refuses a file without a base image', async () => {
    expect(await pin(fileOf('FROM scratch'))).toMatchObject({ code: 1 })
  })

  test('its help reports what it needs and that it has not been run', async () => {
    const { stdout } = await spawnWell('node', [join(root, 'scripts/pin-images.mjs'), '--help'])
    expect(stdout).toContain('access to the registries')
    const pinned = /^ARG \w+_IMAGE=\S+@sha256:/m.test(
      readFileSync(join(root, 'Dockerfile'), 'utf8'),
    )
    expect(stdout.includes('has not been run')).toBe(!pinned)
  })
})

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { root } from '../fixtures/built-program.ts'
import { asHostsRun, podman, podmanEnv } from '../fixtures/container-image.ts'
import { folderOf } from '../fixtures/folder.ts'
import { deploymentOf } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd, spawnWell } from '../fixtures/spawn.ts'
import { writeBaseLayout } from './base-layout.ts'
import { checkout } from './checkout.ts'

jest.setTimeout(600_000)

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
/** What the build bundles. */
const bundled = ['aws4fetch', 're2js', 'tldts', 'tldts-core', 'undici', 'valibot', 'yaml']
const commitDate = '2026-01-02T03:04:05.000Z'

const release = (cwd: string, ...args: readonly string[]) =>
  spawnToEnd('node', ['scripts/release.mjs', ...args], { cwd, env: podmanEnv })

needs(
  'git',
  'buildah',
  'podman',
  'runc',
  'skopeo',
)('a release', () => {
  let source: string
  let base: string
  let baseFolder: string
  let out: string
  beforeAll(async () => {
    source = await checkout()
    const { folder, image } = await writeBaseLayout()
    base = image
    baseFolder = folder
    out = folderOf({})
    expect(await release(source, '--out', out, '--node-image', base)).toMatchObject({
      stderr: '',
      code: 0,
    })
  })

  afterAll(() => rmSync(baseFolder, { recursive: true, force: true }))

  const image = () => `oci:${out}/image:${version}`
  const skopeo = async (...args: readonly string[]) =>
    JSON.parse((await spawnWell('skopeo', args)).stdout)

  test('has the package, the image, the SBOM and the checksums, and leaves the checkout clean', async () => {
    expect(readdirSync(out).sort()).toEqual([
      'SHA256SUMS',
      'image',
      `image-policy-fn-${version}.tgz`,
      'sbom.cdx.json',
    ])
    const { stdout } = await spawnWell('git', ['status', '--porcelain', '--ignored'], {
      cwd: source,
    })
    expect(stdout).toBe('')
  })

  test('has a checksum of every file, and all are right', async () => {
    const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8')
    const files = readdirSync(out, { recursive: true, withFileTypes: true })
    expect(sums.trimEnd().split('\n')).toHaveLength(files.filter(file => file.isFile()).length - 1)
    const check = await spawnToEnd('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out })
    expect(check).toEqual({ stdout: '', stderr: '', code: 0 })
  })

  test('has an image for two platforms, with one layer more than the base', async () => {
    const { manifests } = await skopeo('inspect', '--raw', image())
    expect(manifests.map(({ platform }: { platform: object }) => platform)).toEqual([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ])
    for (const arch of ['amd64', 'arm64']) {
      const { Layers: layers, ...about } = await skopeo(
        'inspect',
        `--override-arch=${arch}`,
        image(),
      )
      const { Layers: baseLayers } = await skopeo('inspect', `--override-arch=${arch}`, base)
      expect(layers.slice(0, -1)).toEqual(baseLayers)
      expect(about).toMatchObject({ Architecture: arch, Os: 'linux' })
      expect(new Date(about.Created).toISOString()).toBe(commitDate)
      expect(about.Labels).toMatchObject({
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.revision': (
          await spawnWell('git', ['rev-parse', 'HEAD'], { cwd: source })
        ).stdout.trim(),
      })
    }
  })

  test('has the same program in the image as in the package', async () => {
    const id = `localhost/image-policy-fn-release-test-${process.pid}`
    await spawnWell('skopeo', ['copy', '--quiet', image(), `containers-storage:${id}`])
    const inContainer = (...args: readonly string[]) =>
      podman(['run', ...asHostsRun, '--network', 'none', ...args], { input: deploymentOf('a.b/c') })
    expect(await inContainer(id)).toMatchObject({
      stdout: deploymentOf('a.b/c'),
      stderr: expect.stringMatching(/^warning: no policy was found.*\n$/),
      code: 0,
    })
    const hash = `for (const name of fs.readdirSync('/app/dist/chunks').sort()) console.log(name, crypto.createHash('sha256').update(fs.readFileSync('/app/dist/chunks/' + name)).digest('hex'))`
    const { stdout: inImage } = await inContainer('--entrypoint', 'node', id, '-e', hash)
    await podman(['rmi', '--force', id])

    const folder = folderOf({})
    execFileSync('tar', ['-xzf', join(out, `image-policy-fn-${version}.tgz`), '-C', folder])
    const inPackage = execFileSync('node', [
      '-e',
      hash.replaceAll('/app/', `${join(folder, 'package')}/`),
    ]).toString()
    expect(inPackage).toContain('main.js ')
    expect(inImage).toBe(inPackage)
    expect(existsSync(join(folder, 'package/dist/code-cache'))).toBe(false)
  })

  test('has an SBOM with every dependency that the program bundles, and no other', () => {
    const {
      metadata,
      components,
      dependencies: edges,
      bomFormat,
    } = JSON.parse(readFileSync(join(out, 'sbom.cdx.json'), 'utf8'))
    expect(bomFormat).toBe('CycloneDX')
    expect(metadata.timestamp).toBe(commitDate)
    expect(metadata.component).toMatchObject({ name: 'image-policy-fn', version })
    const named = components.map(({ name }: { name: string }) => name)
    expect(named.sort()).toEqual(bundled)
    expect(edges).toHaveLength(components.length + 1)
    expect(edges).toContainEqual({
      ref: expect.stringMatching(/^tldts@/),
      dependsOn: [expect.stringMatching(/^tldts-core@/)],
    })
    for (const { purl, hashes } of components)
      expect({ purl, hashes }).toMatchObject({
        purl: expect.stringMatching(/^pkg:npm\//),
        hashes: [{ alg: 'SHA-512' }],
      })
  })

  test('is the same, byte for byte, when it is made again', async () => {
    const again = folderOf({})
    const { code } = await release(source, '--out', again, '--node-image', base)
    expect(code).toBe(0)
    expect(readFileSync(join(again, 'SHA256SUMS'), 'utf8')).toBe(
      readFileSync(join(out, 'SHA256SUMS'), 'utf8'),
    )
  })

  test('is refused without buildah, before anything is built', async () => {
    const bin = folderOf({})
    symlinkSync(process.execPath, join(bin, 'node'))
    const finished = await spawnToEnd(join(bin, 'node'), ['scripts/release.mjs'], {
      cwd: source,
      env: { PATH: bin },
    })
    expect(finished).toEqual({ stdout: '', stderr: 'error: buildah must be on PATH\n', code: 1 })
  })

  test('is refused with uncommitted changes', async () => {
    const empty = folderOf({})
    writeFileSync(join(source, 'new.txt'), '')
    const { stderr, code } = await release(source, '--out', empty, '--node-image', base)
    rmSync(join(source, 'new.txt'))
    expect(stderr).toContain('uncommitted changes')
    expect({ code, files: readdirSync(empty) }).toEqual({ code: 1, files: [] })
  })

  test('is refused in a folder that has files', async () => {
    const { stderr, code } = await release(source, '--out', out, '--node-image', base)
    expect(stderr).toContain('is not empty')
    expect(code).toBe(1)
  })
})

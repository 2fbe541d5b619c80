import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { needs, pathOf } from '../fixtures/needs.ts'
import { login } from './lab/credentials.ts'
import { freePort, serve } from './lab/programs.ts'
import { pushImages } from './lab/push.ts'
import { startQuirkProxy } from './lab/quirk-proxy.ts'
import { labUser, startRegistry } from './lab/registry.ts'

const tags = Array.from({ length: 30 }, (_, index) => `v${index}`)

needs('registry')('distribution 3', () => {
  test('gives all tags, page by page, and digests', async () => {
    const registry = await startRegistry({ program: 'registry' })
    const many = Array.from({ length: 2_001 }, (_, index) => `v${index}`)
    const digests = await registry.push('lab/app', many)
    const proxy = await startQuirkProxy(registry.host, {}) // to count
    const source = ociTagSource({ env: {} })
    expect([...(await source.listTags(`${proxy.host}/lab/app`))].sort()).toEqual([...many].sort())
    expect(proxy.requests).toHaveLength(3)
    await proxy.stop()
    expect(await source.digestOf(`${registry.host}/lab/app`, 'v7')).toBe(digests.get('v7'))
    await registry.stop()
  }, 30_000)
})

needs('crane')('the registry of crane', () => {
  test('gives all tags and digests', async () => {
    const port = await freePort()
    const host = `127.0.0.1:${port}`
    const stop = await serve(pathOf('crane') ?? '', ['registry', 'serve', '--address', host], port)
    const digests = await pushImages({ origin: `http://${host}` }, 'lab/app', tags)
    const source = ociTagSource({ env: {} })
    expect([...(await source.listTags(`${host}/lab/app`))].sort()).toEqual([...tags].sort())
    expect(await source.digestOf(`${host}/lab/app`, 'v7')).toBe(digests.get('v7'))
    await stop()
  }, 30_000)
})

needs(
  'docker-registry',
  'skopeo',
  'openssl',
)('what skopeo copies', () => {
  test.each(['basic', 'token'] as const)(
    'into a registry with %s authentication has the same digest',
    async auth => {
      const [plain, closed] = [await startRegistry(), await startRegistry({ auth })]
      const digest = (await plain.push('lab/app', ['1.0.0'], { index: true })).get('1.0.0') ?? ''
      const creds = `${labUser.username}:${labUser.password}`
      const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false']
      const from = `docker://${plain.host}/lab/app:1.0.0`
      await promisify(execFile)('skopeo', [
        'copy',
        '-q',
        '--all',
        ...insecure,
        '--dest-creds',
        creds,
        from,
        `docker://${closed.host}/lab/copy:2.0.0`,
      ])
      const source = ociTagSource({ env: {}, findCredentials: async () => [login()] })
      expect(await source.listTags(`${closed.host}/lab/copy`)).toEqual(['2.0.0'])
      expect(await source.digestOf(`${closed.host}/lab/copy`, '2.0.0')).toBe(digest)
      await Promise.all([plain.stop(), closed.stop()])
    },
    30_000,
  )
})

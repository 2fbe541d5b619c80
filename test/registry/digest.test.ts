import { ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { needs } from '../fixtures/needs.ts'
import { type QuirkProxy, type Quirks, startQuirkProxy } from './lab/quirk-proxy.ts'
import { startRegistry, type TestRegistry } from './lab/registry.ts'
import { type LabServer, startServer } from './lab/server.ts'

const source = () => ociTagSource({ env: {}, limits: { firstPause: 5 } })

needs('docker-registry')('the digest of a tag', () => {
  let registry: TestRegistry
  let digest = ''
  let proxy: QuirkProxy | undefined

  beforeAll(async () => {
    registry = await startRegistry()
    digest = (await registry.push('lab/app', ['stable'], { index: true })).get('stable') ?? ''
  }, 30_000)
  afterEach(() => proxy?.stop())
  afterAll(() => registry.stop())

  test.each<[string, Quirks, readonly string[]]>([
    ['is what HEAD says', {}, ['HEAD']],
    ['is the hash of the content where HEAD says none', { noDigest: true }, ['HEAD', 'GET']],
    [
      'is the hash of the content where HEAD is 405',
      { refuseHead: 405, noDigest: true },
      ['HEAD', 'GET'],
    ],
    ['is the hash of the content where HEAD is 404', { refuseHead: 404 }, ['HEAD', 'GET']],
    ['is the hash of the content where HEAD is 501', { refuseHead: 501 }, ['HEAD', 'GET']],
  ])('%s', async (_name, quirks, methods) => {
    proxy = await startQuirkProxy(registry.host, quirks)
    expect(await source().digestOf(`${proxy.host}/lab/app`, 'stable')).toBe(digest)
    expect(proxy.requests.map(({ method }) => method)).toEqual(methods)
  })

  test('is asked for at another host without Authorization', async () => {
    const storage = await startQuirkProxy(registry.host, {})
    proxy = await startQuirkProxy(registry.host, { redirectManifests: storage.origin })
    expect(await source().digestOf(`${proxy.host}/lab/app`, 'stable')).toBe(digest)
    expect(storage.requests.map(({ scheme }) => scheme)).toEqual([''])
    await storage.stop()
  })

  test('by a digest is that digest, when the registry has it', async () => {
    expect(await source().digestOf(`${registry.host}/lab/app`, digest)).toBe(digest)
    await expect(
      source().digestOf(`${registry.host}/lab/app`, `sha256:${'1'.repeat(64)}`),
    ).rejects.toThrow('404 MANIFEST_UNKNOWN')
  })

  test.each<[string, Quirks, RegExp]>([
    [
      'when header and content disagree',
      { refuseHead: 405, wrongDigest: true },
      /the manifest must have the digest named in Docker-Content-Digest, sha256:0+, but its content has sha256:/,
    ],
    ['for a login page', { loginPage: true }, /200 with a web page instead of a manifest/],
    [
      'for redirects without end',
      { redirectManifests: '' },
      /307 is one redirect too many; at most 3 are followed/,
    ],
  ])('is an error %s', async (_name, quirks, message) => {
    proxy = await startQuirkProxy(registry.host, quirks)
    if (quirks.redirectManifests === '') {
      await proxy.stop()
      proxy = undefined
      const circle: LabServer = await startServer(
        (request, response) => void response.writeHead(307, { location: `${request.url}x` }).end(),
      )
      await expect(source().digestOf(`${circle.host}/lab/app`, 'stable')).rejects.toThrow(message)
      return circle.stop()
    }
    await expect(source().digestOf(`${proxy.host}/lab/app`, 'stable')).rejects.toThrow(message)
  })

  test('is an error for a tag that is not there, with the reason that only GET gives', async () => {
    await expect(source().digestOf(`${registry.host}/lab/app`, 'none')).rejects.toThrow(
      `GET ${registry.host}/lab/app/manifests/none: 404 MANIFEST_UNKNOWN manifest unknown`,
    )
  })
})

describe('a registry with a wrong answer for a manifest', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  test.each<[string, Record<string, string>, string, string, string | RegExp]>([
    // name, headers, body, reference, answer or message
    [
      'of schema 1 by HEAD',
      {
        'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws',
        'docker-content-digest': digest,
      },
      '{}',
      'old',
      /must not be of the old schema 1/,
    ],
    [
      'of schema 1 by its content',
      { 'content-type': 'application/json' },
      '{"schemaVersion":1}',
      'old',
      /must not be of the old schema 1/,
    ],
    [
      'that is no manifest',
      { 'content-type': 'application/json' },
      '{"a":1}',
      'x',
      /200 with a body that is not an image manifest/,
    ],
    [
      'that is no JSON',
      { 'content-type': 'application/json' },
      'hello',
      'x',
      /200 with a body that is not an image manifest/,
    ],
    [
      'whose digest is malformed',
      { 'docker-content-digest': 'sha256:ABC' },
      '{"schemaVersion":2}',
      'x',
      'sha256:9bc04b8e2c2f8c67e7eb4c25ba3e6ab2bb0a5ef3ab7ed4cb8f0b3b5b8f6f8a3f',
    ],
    [
      'asked for by another digest',
      { 'docker-content-digest': digest },
      '{"schemaVersion":2}',
      `sha256:${'b'.repeat(64)}`,
      /must have the digest asked for, sha256:b+, but its content has sha256:/,
    ],
  ])('%s', async (_name, headers, body, reference, expected) => {
    const server = await startServer(
      (_request, response) => void response.writeHead(200, headers).end(body),
    )
    const asked = source().digestOf(`${server.host}/lab/app`, reference)
    if (typeof expected === 'string') {
      const { createHash } = await import('node:crypto')
      expect(await asked).toBe(`sha256:${createHash('sha256').update(body).digest('hex')}`)
    } else {
      await expect(asked).rejects.toThrow(expected)
    }
    await server.stop()
  })

  test('of more than 8 MiB', async () => {
    const server = await startServer(
      (request, response) =>
        void response
          .writeHead(200)
          .end(request.method === 'GET' ? Buffer.alloc(9 << 20, 32) : undefined),
    )
    await expect(source().digestOf(`${server.host}/lab/app`, 'x')).rejects.toThrow(
      'the answer is too large: more than 8192 KiB',
    )
    await server.stop()
  })
})

test.each(['', 'a b', '../x', 'sha256:x'])('%j is neither a tag nor a digest', async reference => {
  await expect(source().digestOf('127.0.0.1:1/lab/app', reference)).rejects.toThrow(
    'must be a tag or a digest',
  )
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Credential } from '../../src/registry/credential.ts'
import { ociTagSource } from '../../src/registry/oci-tag-source.ts'
import type { RepositoryAccess, SecretData } from '../../src/resolve/tag-source.ts'
import { needs } from '../fixtures/needs.ts'
import { type LabCertificates, makeCertificates } from './lab/certificates.ts'
import { type ConnectProxy, startConnectProxy } from './lab/connect-proxy.ts'
import { login } from './lab/credentials.ts'
import { type LabServer, startServer } from './lab/server.ts'

const secret = (data: Record<string, string>): SecretData => ({
  name: 'apps/added',
  type: 'Opaque',
  data: new Map(Object.entries(data)),
})
const basicOf = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

needs('openssl')('a registry at a host of its own', () => {
  let folder: string
  let certificates: LabCertificates
  let server: LabServer
  let proxy: ConnectProxy
  let seen: { host: string; url: string; authorization: string }[] = []
  let respond: (request: IncomingMessage, response: ServerResponse) => void

  const challenge = (value: string) => (_request: IncomingMessage, response: ServerResponse) =>
    void response
      .writeHead(401, { 'www-authenticate': value })
      .end('{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}')
  const openTo =
    (authorization: string, otherwise: string) =>
    (request: IncomingMessage, response: ServerResponse) => {
      if (request.url?.includes('/token')) return void response.end('{"token":"the-token"}')
      if (request.headers.authorization === authorization)
        return void response.end('{"tags":["1"]}')
      challenge(otherwise)(request, response)
    }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'image-policy-trust-'))
    certificates = makeCertificates(folder)
    const read = (name: string) => readFileSync(join(folder, name))
    server = await startServer(
      (request, response) => {
        seen.push({
          host: request.headers.host ?? '',
          url: request.url ?? '',
          authorization: request.headers.authorization ?? '',
        })
        respond(request, response)
      },
      { tls: { cert: read('server.crt'), key: read('server.key') } },
    )
    proxy = await startConnectProxy(Number(server.host.split(':')[1]))
  })
  beforeEach(() => {
    seen = []
  })
  afterAll(async () => {
    await proxy.stop()
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  /** The operator's own way: proxy and authority by the environment. */
  const env = (more: Record<string, string> = {}) => ({
    HTTPS_PROXY: proxy.origin,
    SSL_CERT_FILE: join(folder, 'ca.crt'),
    ...more,
  })
  const source = (
    credentials: readonly Credential[],
    environment: Record<string, string | undefined> = env(),
  ) =>
    ociTagSource({
      env: environment,
      findCredentials: async () => credentials,
      limits: { firstPause: 5 },
    })
  const repository = 'registry.example.com/acme/web'

  describe('gets the credentials of the environment', () => {
    test('by the proxy and the authority of the environment', async () => {
      respond = openTo(basicOf('u', 'ambient-password'), 'Basic realm="x"')
      expect(await source([login('u', 'ambient-password')]).listTags(repository)).toEqual(['1'])
      expect(proxy.targets).toContain('registry.example.com:443')
    })

    test('by a token server of its site', async () => {
      respond = openTo('Bearer the-token', 'Bearer realm="https://auth.example.com/token"')
      expect(await source([login('u', 'ambient-password')]).listTags(repository)).toEqual(['1'])
      expect(seen[1]).toMatchObject({
        host: 'auth.example.com',
        authorization: basicOf('u', 'ambient-password'),
      })
    })
  })

  describe('never gets the credentials of the environment if YAML has', () => {
    const attack: [
      string,
      () => Pick<RepositoryAccess, 'certSecret' | 'proxySecret' | 'insecure'>,
      Record<string, string>,
    ][] = [
      [
        '`certSecretRef`',
        () => ({ certSecret: secret({ 'ca.crt': certificates.ca }) }),
        { SSL_CERT_FILE: '' },
      ],
      [
        '`proxySecretRef`',
        () => ({ proxySecret: secret({ address: proxy.origin }) }),
        { HTTPS_PROXY: '' },
      ],
      [
        '`certSecretRef, proxySecretRef`',
        () => ({
          certSecret: secret({ 'ca.crt': certificates.ca }),
          proxySecret: secret({ address: proxy.origin }),
        }),
        { SSL_CERT_FILE: '', HTTPS_PROXY: '' },
      ],
    ]

    test.each(attack)('%s', async (names, access, environment) => {
      respond = openTo('never', 'Basic realm="x"')
      await expect(
        source([login('u', 'ambient-password')], env(environment)).listTags(repository, access()),
      ).rejects.toMatchObject({
        code: 'REGISTRY_DENIED',
        message: expect.stringContaining(
          `asked anonymously, because the login of u is never used together with ${names} from YAML`,
        ),
      })
      expect(seen.map(({ authorization }) => authorization)).toEqual([''])
    })

    test.each(attack)('%s, but those of the same YAML', async (_names, access, environment) => {
      respond = openTo(basicOf('y', 'yaml-password'), 'Basic realm="x"')
      const both = [login('u', 'ambient-password'), login('y', 'yaml-password', 'yaml')]
      expect(await source(both, env(environment)).listTags(repository, access())).toEqual(['1'])
      expect(seen.map(({ authorization }) => authorization)).toEqual([
        '',
        basicOf('y', 'yaml-password'),
      ])
    })

    test('proxy and certificates, not even for what is asked afterwards in the same run', async () => {
      respond = openTo(basicOf('u', 'ambient-password'), 'Basic realm="x"')
      const added = await startConnectProxy(Number(server.host.split(':')[1]))
      const access = { proxySecret: secret({ address: added.origin }) }
      const asked = source([login('u', 'ambient-password')])
      await expect(asked.listTags(repository, access)).rejects.toMatchObject({
        code: 'REGISTRY_DENIED',
      })
      const before = proxy.targets.length
      expect(await asked.listTags(repository)).toEqual(['1'])
      expect(proxy.targets.length).toBeGreaterThan(before)
      expect(added.targets).toHaveLength(1)
      // what the first way taught is not believed on the second: it begins without a login
      expect(seen.map(({ authorization }) => authorization)).toEqual([
        '',
        '',
        basicOf('u', 'ambient-password'),
      ])
      await added.stop()
    })

    test('`insecure`', async () => {
      const plain = await startServer((request, response) => {
        seen.push({ host: '', url: '', authorization: request.headers.authorization ?? '' })
        challenge('Basic realm="x"')(request, response)
      })
      await expect(
        source([login('u', 'ambient-password')]).listTags(`${plain.host}/acme/web`, {
          insecure: true,
        }),
      ).rejects.toThrow(
        'asked anonymously, because the login of u is never used together with `insecure` from YAML',
      )
      expect(seen.map(({ authorization }) => authorization)).toEqual([''])
      await plain.stop()
    })
  })

  describe('never sends a login to a token server', () => {
    test.each([
      [
        'of another site',
        'https://auth.evil.com/token',
        'is not of the same site as the registry, so the login of u is not sent to it',
      ],
      ['of this machine', 'https://127.0.0.1:1/token', 'is not of the same site'],
      ['in the clear', 'http://registry.example.com/token', 'must be https, as the registry is'],
      [
        'with a user in its URL',
        'https://a:b@registry.example.com/token',
        'the realm must be a plain http(s) URL',
      ],
    ])('%s', async (_name, realm, problem) => {
      respond = openTo('never', `Bearer realm="${realm}"`)
      await expect(
        source([login('u', 'ambient-password')]).listTags(repository),
      ).rejects.toMatchObject({
        code: 'REGISTRY_DENIED',
        message: expect.stringContaining(problem),
      })
      expect(seen).toHaveLength(1)
    })

    test('unless the operator trusts it', async () => {
      respond = openTo('Bearer the-token', 'Bearer realm="https://auth.example.net/token"')
      const asked = (trusted: string) =>
        source(
          [login('u', 'ambient-password')],
          env({ IMAGE_POLICY_TRUSTED_TOKEN_HOSTS: trusted }),
        ).listTags(repository)
      await expect(asked('auth2.example.net')).rejects.toThrow(
        'set IMAGE_POLICY_TRUSTED_TOKEN_HOSTS=auth.example.net',
      )
      expect(await asked('auth.example.net')).toEqual(['1'])
      expect(seen.at(-2)).toMatchObject({
        host: 'auth.example.net',
        authorization: basicOf('u', 'ambient-password'),
      })
    })

    test('that redirects elsewhere', async () => {
      respond = (request, response) => {
        if (request.url?.includes('/token'))
          return void response.writeHead(307, { location: 'https://evil.example.com/token' }).end()
        challenge('Bearer realm="/token"')(request, response)
      }
      await expect(source([login('u', 'ambient-password')]).listTags(repository)).rejects.toThrow(
        '307 redirects to another server',
      )
      expect(seen.map(({ host }) => host)).not.toContain('evil.example.com')
    })
  })

  describe('never sends us, even without a login, to', () => {
    test.each([
      [
        'this machine by its realm',
        'Bearer realm="https://127.0.0.1:1/token"',
        'must not send requests to this machine',
      ],
      [
        'this machine by another name',
        'Bearer realm="https://localhost:1/token"',
        'must not send requests to this machine',
      ],
      [
        'a private address by its realm',
        'Bearer realm="https://10.0.0.5:8080/token"',
        'must not send requests to a private address (unless IMAGE_POLICY_TRUSTED_TOKEN_HOSTS has the host)',
      ],
      [
        'a private IPv6 address by its realm',
        'Bearer realm="https://[fd00::5]/token"',
        'must not send requests to a private address',
      ],
      [
        'a metadata service by its realm',
        'Bearer realm="https://169.254.169.254/latest"',
        'a metadata service or link-local address is never asked',
      ],
      [
        'one as an IPv6 address',
        'Bearer realm="https://[::ffff:169.254.169.254]/latest"',
        'a metadata service or link-local address is never asked',
      ],
      [
        'one by its name',
        'Bearer realm="https://metadata.google.internal/token"',
        'a metadata service or link-local address is never asked',
      ],
    ])('%s', async (_name, header, problem) => {
      respond = challenge(header)
      await expect(source([]).listTags(repository)).rejects.toThrow(problem)
      expect(seen).toHaveLength(1)
    })

    test.each([
      [
        'http',
        'http://registry.example.com/x',
        'redirects from https to http://registry.example.com, which is not followed',
      ],
      [
        'a metadata service',
        'https://169.254.169.254/x',
        'a metadata service or link-local address is never asked',
      ],
      ['this machine', 'https://127.0.0.1:1/x', 'must not send requests to this machine'],
      ['a private address', 'https://10.0.0.5/x', 'must not send requests to a private address'],
      ['a file', 'file:///etc/passwd', 'redirects to something other than an http(s) URL'],
      ['nowhere', '', 'is a redirect without a usable `Location`'],
    ])('%s by a redirect of a manifest', async (_name, location, problem) => {
      respond = (_request, response) =>
        void response.writeHead(307, location === '' ? {} : { location }).end()
      await expect(source([]).digestOf(repository, 'x')).rejects.toThrow(problem)
      expect(seen).toHaveLength(1)
    })
  })

  test('follows a manifest to another host without the login', async () => {
    const manifest = '{"schemaVersion":2}'
    respond = (request, response) => {
      if (request.headers.host === 'storage.example.com')
        return void response.end(request.method === 'GET' ? manifest : undefined)
      if (request.headers.authorization)
        return void response.writeHead(307, { location: 'https://storage.example.com/m' }).end()
      challenge('Basic realm="x"')(request, response)
    }
    expect(await source([login('u', 'ambient-password')]).digestOf(repository, 'x')).toMatch(
      /^sha256:/,
    )
    expect(
      seen
        .filter(({ host }) => host === 'storage.example.com')
        .map(({ authorization }) => authorization),
    ).toEqual(['', ''])
  })

  test('asks no token server that another host names', async () => {
    respond = (request, response) => {
      const { host } = request.headers
      if (host === 'storage.example.net')
        return challenge('Bearer realm="https://auth.example.net/token"')(request, response)
      if (host !== 'registry.example.com') return void response.end('{"token":"the-token"}')
      if (request.headers.authorization)
        return void response.writeHead(307, { location: 'https://storage.example.net/m' }).end()
      challenge('Basic realm="x"')(request, response)
    }
    await expect(
      source([login('u', 'ambient-password')]).digestOf(repository, 'x'),
    ).rejects.toThrow('GET storage.example.net/m: 401')
    expect(seen.map(({ host }) => host)).not.toContain('auth.example.net')
  })

  test.each([
    '169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '[fe80::1]',
    'metadata.google.internal',
    '100.100.100.200',
  ])('is never %s', async host => {
    await expect(source([], {}).listTags(`${host}/acme/web`)).rejects.toThrow(
      /is never asked|must be the name of a repository/,
    )
    const access = { proxySecret: secret({ address: `http://${host}:80` }) }
    await expect(source([], {}).listTags(repository, access)).rejects.toThrow('is never asked')
  })

  test('is never this machine for a proxy of the environment', async () => {
    respond = openTo('never', 'Basic realm="x"')
    const before = proxy.targets.length
    await source([], env({ HTTP_PROXY: proxy.origin }))
      .listTags(`${server.host}/acme/web`)
      .catch(() => undefined)
    expect(proxy.targets).toHaveLength(before)
  })
})

import type { IncomingMessage } from 'node:http'
import type { Credential } from '../../src/registry/credential.ts'
import { type OciTagSourceOptions, ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { needs } from '../fixtures/needs.ts'
import { identityToken, login, registryToken } from './lab/credentials.ts'
import { startQuirkProxy } from './lab/quirk-proxy.ts'
import { labUser, startRegistry, type TestRegistry } from './lab/registry.ts'
import { type LabServer, startServer } from './lab/server.ts'
import type { TokenServerOptions } from './lab/token-server.ts'

const as = (credentials: readonly Credential[], options: Partial<OciTagSourceOptions> = {}) =>
  ociTagSource({
    env: {},
    findCredentials: async () => credentials,
    ...options,
    limits: { firstPause: 5, ...options.limits },
  })

needs('docker-registry', 'openssl')('a registry with a token server', () => {
  let registry: TestRegistry
  const start = async (token: Partial<TokenServerOptions> = {}) => {
    registry = await startRegistry({ auth: 'token', token })
    await registry.push('lab/app', ['1', '2', '3'])
    await registry.push('public/app', ['stable'])
    return registry
  }
  const requests = () => registry.tokenServer?.requests.slice(2) ?? [] // two were for pushing
  afterEach(() => registry.stop())

  test('gets a token for a login, once for all pages and digests', async () => {
    const { host } = await start()
    const proxy = await startQuirkProxy(host, { page: 1 })
    const source = as([login()])
    expect(await source.listTags(`${proxy.host}/lab/app`)).toEqual(['1', '2', '3'])
    expect(await source.digestOf(`${proxy.host}/lab/app`, '1')).toMatch(/^sha256:/)
    expect(requests()).toEqual([
      { method: 'GET', user: 'lab', scopes: ['repository:lab/app:pull'] },
    ])
    expect(proxy.requests.map(({ scheme }) => scheme)).toEqual([
      '',
      'Bearer',
      'Bearer',
      'Bearer',
      'Bearer',
    ])
    await proxy.stop()
  })

  test('gets the right authentication with the first request for its next repository', async () => {
    const { host } = await start()
    await registry.push('lab/other', ['1'])
    const proxy = await startQuirkProxy(host, {})
    const source = as([login()])
    await source.listTags(`${proxy.host}/lab/app`)
    await source.listTags(`${proxy.host}/lab/other`)
    expect(proxy.requests.map(({ scheme }) => scheme)).toEqual(['', 'Bearer', 'Bearer'])
    await proxy.stop()
  })

  test('gives anonymous access to public repositories', async () => {
    const { host } = await start({ tokenKey: 'access_token' })
    expect(await as([]).listTags(`${host}/public/app`)).toEqual(['stable'])
    expect(requests()).toEqual([
      { method: 'GET', user: undefined, scopes: ['repository:public/app:pull'] },
    ])
  })

  test('refuses access to private repositories, and the error names the credentials', async () => {
    const { host } = await start()
    await expect(as([]).listTags(`${host}/lab/app`)).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
      message: expect.stringMatching(
        /\/lab\/app\/tags\/list: 401 UNAUTHORIZED authentication required .*; the repository does not exist, or this access is not enough: asked anonymously, because no credentials were found$/,
      ),
    })
    expect(requests()).toHaveLength(1)
  })

  test('takes the next login when one is refused', async () => {
    const { host } = await start()
    expect(
      await as([login('nobody', 'wrong-password'), login()]).listTags(`${host}/lab/app`),
    ).toHaveLength(3)
    expect(requests().map(({ user }) => user)).toEqual(['refused', 'lab'])
  })

  test('refuses all logins, and the error names their sources', async () => {
    const { host } = await start()
    await expect(
      as([login('a', 'wrong-1'), login('b', 'wrong-2')]).listTags(`${host}/lab/app`),
    ).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
      message: expect.stringMatching(
        /^GET 127\.0\.0\.1:\d+\/token: 401 Unauthorized; .*the login of b$/,
      ),
    })
  })

  test.each([
    ['by POST', {}, ['POST']],
    ['by GET where POST is 404', { refusePost: 404 }, ['GET']],
    ['by GET where POST is 405', { refusePost: 405 }, ['GET']],
  ])('exchanges an identity token %s', async (_name, options, methods) => {
    const { host, tokenServer } = await start(options)
    const token = tokenServer?.issueRefreshToken(labUser.username) ?? ''
    expect(await as([identityToken(token)]).listTags(`${host}/lab/app`)).toHaveLength(3)
    expect(requests()).toEqual(
      methods.map(method => ({ method, user: 'lab', scopes: ['repository:lab/app:pull'] })),
    )
  })

  test('takes a registry token without an exchange', async () => {
    const { host, tokenServer } = await start()
    const url = `${tokenServer?.origin}/token?service=lab-registry&scope=repository:lab/app:pull`
    const basic = `Basic ${Buffer.from(`${labUser.username}:${labUser.password}`).toString('base64')}`
    const { token } = (await (await fetch(url, { headers: { authorization: basic } })).json()) as {
      token: string
    }
    expect(await as([registryToken(token)]).listTags(`${host}/lab/app`)).toHaveLength(3)
    expect(requests()).toHaveLength(1)
  })

  test('whose token expires during a listing is asked for a new one', async () => {
    const { host } = await start()
    const proxy = await startQuirkProxy(host, { page: 1, expireInMidListing: true })
    expect(await as([login()]).listTags(`${proxy.host}/lab/app`)).toEqual(['1', '2', '3'])
    expect(requests()).toHaveLength(2)
    await proxy.stop()
  })

  test('that grants nothing is not asked endlessly', async () => {
    registry = await startRegistry({ auth: 'token', token: { grantNothing: true } })
    await expect(as([login()]).listTags(`${registry.host}/lab/app`)).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
    })
    expect(registry.tokenServer?.requests).toHaveLength(1)
  })
})

needs('docker-registry')('a registry with Basic authentication', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry({ auth: 'basic' })
    await registry.push('lab/app', ['1', '2'])
  })
  afterAll(() => registry.stop())

  test.each([
    ['the right login', [login()]],
    ['the right login after a wrong one', [login('lab', 'wrong-password'), login()]],
    [
      'the right login after tokens, which it can not take',
      [registryToken('some-token'), identityToken('some-token'), login()],
    ],
  ])('opens to %s', async (_name, credentials) => {
    expect(await as(credentials).listTags(`${registry.host}/lab/app`)).toHaveLength(2)
  })

  test.each([
    ['nobody', [], '', 'asked anonymously, because no credentials were found'],
    [
      'wrong logins',
      [login('a', 'wrong-1'), login('b', 'wrong-2')],
      'the login is wrong, or ',
      'asked with the login of a, then with the login of b',
    ],
  ])('is closed to %s', async (_name, credentials, login, tried) => {
    await expect(as(credentials).listTags(`${registry.host}/lab/app`)).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
      message: expect.stringContaining(
        `; ${login}the repository does not exist, or this access is not enough: ${tried}`,
      ),
    })
  })

  test('sends nothing before it is asked, and never a ping', async () => {
    const proxy = await startQuirkProxy(registry.host, {})
    await as([login()]).listTags(`${proxy.host}/lab/app`)
    expect(proxy.requests.map(({ url, scheme }) => [url, scheme])).toEqual([
      ['/v2/lab/app/tags/list?n=1000', ''],
      ['/v2/lab/app/tags/list?n=1000', 'Basic'],
    ])
    await proxy.stop()
  })
})

describe('a registry with unusual answers', () => {
  let server: LabServer
  const seen: string[] = []
  const start = async (
    challengeOf: (origin: string, request: IncomingMessage) => readonly string[],
    token: (request: IncomingMessage) => unknown = () => ({ token: 'the-token' }),
  ) => {
    seen.length = 0
    server = await startServer((request, response) => {
      const { url = '', headers, method } = request
      seen.push(`${method} ${decodeURIComponent(url)} ${headers.authorization ?? '-'}`)
      if (url.startsWith('/token')) return void response.end(JSON.stringify(token(request)))
      if (headers.authorization === 'Bearer the-token') return void response.end('{"tags":["1"]}')
      response
        .writeHead(401, { 'www-authenticate': challengeOf(server.origin, request) as string[] })
        .end('{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}')
    })
    return `${server.host}/lab/app`
  }
  afterEach(() => server.stop())

  test.each<[string, (origin: string) => readonly string[]]>([
    ['with a relative realm', () => ['Bearer realm="/token"']],
    ['with a query in the realm', origin => [`Bearer realm="${origin}/token?a=b",service="s"`]],
    [
      'with several challenges',
      origin => ['Negotiate', `Basic realm="x", Bearer realm="${origin}/token"`],
    ],
    [
      'with a scheme in capitals and no quotes',
      origin => [`BEARER realm=${origin}/token,service=s`],
    ],
    [
      'with glued challenges',
      origin => [`Bearer realm="${origin}/token",service="s"Basic realm="x"`],
    ],
  ])('%s', async (_name, challenge) => {
    const repository = await start(challenge)
    expect(await as([]).listTags(repository)).toEqual(['1'])
    expect(seen).toHaveLength(3)
  })

  test('keeps the query of the realm, and sends the service and the scope for this repository', async () => {
    const repository = await start(origin => [
      `Bearer realm="${origin}/token?a=b%20c",service="a service",scope="repository:lab/app:pull,push repository:other/app:pull registry:catalog:*"`,
    ])
    await as([login('u', 'p4ss')]).listTags(repository)
    expect(seen[1]).toBe(
      `GET /token?a=b+c&service=a+service&scope=repository:lab/app:pull&client_id=image-policy-fn Basic ${Buffer.from('u:p4ss').toString('base64')}`,
    )
  })

  test('with another realm each time is given up', async () => {
    let asked = 0
    const repository = await start(
      origin => [`Bearer realm="${origin}/token?${asked++}",error="insufficient_scope"`],
      () => ({ token: 'never-enough' }),
    )
    await expect(as([login()]).listTags(repository)).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
    })
    expect(seen.filter(request => request.startsWith('GET /v2/'))).toHaveLength(4)
  })

  test('with a second scope once gets it too (Azure: tags need metadata_read)', async () => {
    const repository = await start(
      (origin, { headers }) => [
        `Bearer realm="${origin}/token",scope="repository:lab/app:${headers.authorization ? 'metadata_read' : 'pull'}"`,
      ],
      ({ url }) => ({ access_token: url?.includes('metadata_read') ? 'the-token' : 'not-enough' }),
    )
    expect(await as([login()]).listTags(repository)).toEqual(['1'])
  })

  test.each([
    ['without a token', {}],
    ['with an empty one', { token: '' }],
    ['with one that is no header', { token: 'a\r\nb' }],
    ['with one that is no text', { token: 7 }],
  ])('%s', async (_name, answer) => {
    const repository = await start(
      () => ['Bearer realm="/token"'],
      () => answer,
    )
    await expect(as([]).listTags(repository)).rejects.toThrow(
      /^GET 127\.0\.0\.1:\d+\/token: the answer has no token/,
    )
  })

  test.each([
    ['without any challenge', () => []],
    ['with challenges that nobody knows', () => ['Negotiate', 'Digest realm="x"']],
    ['with a realm that is no URL', () => ['Bearer realm="http://["']],
  ])('%s', async (_name, challenge) => {
    const repository = await start(challenge)
    await expect(as([]).listTags(repository)).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
    expect(seen).toHaveLength(1)
  })

  test('gets a login as Basic if it sends no challenge', async () => {
    const repository = await start(() => [])
    await expect(as([login('u', 'p4ss')]).listTags(repository)).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
    })
    expect(seen.map(request => request.split(' ')[2])).toEqual(['-', 'Basic'])
  })
})

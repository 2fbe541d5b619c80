import { inspect } from 'node:util'
import type { Credential } from '../../src/registry/credential.ts'
import { ociTagSource } from '../../src/registry/oci-tag-source.ts'
import type { RepositoryAccess } from '../../src/resolve/tag-source.ts'
import { startConnectProxy } from './lab/connect-proxy.ts'
import { identityToken, login, registryToken } from './lab/credentials.ts'
import { type Answer, startServer } from './lab/server.ts'

// one for each place where a secret can come from; the last is what the token server mints
const secrets = {
  password: 'pass-WORD-4f1c0b77',
  identity: 'identity-TOKEN-93ab22e1',
  registry: 'registry-TOKEN-5d0e8f64',
  proxy: 'proxy-PASSWORD-77c1d2b9',
  minted: 'minted-TOKEN-e07a4c5d',
}

/** Every form in which a secret could be read back out of a text. */
const forms = Object.values(secrets).flatMap(secret => [
  secret,
  secret.toLowerCase(),
  encodeURIComponent(secret),
  ...['', 'a', 'ab'].map(before =>
    Buffer.from(before + secret)
      .toString('base64')
      .slice(4, -4),
  ),
  ...['u:', '<token>:'].map(before => Buffer.from(before + secret).toString('base64')),
])

const credentials: readonly Credential[] = [
  login('u', secrets.password, 'yaml'),
  identityToken(secrets.identity, 'yaml'),
  registryToken(secrets.registry, 'yaml'),
]

/**
 * Answers as nasty as they get: all that was sent comes back, in each part of the answer that a
 * message may quote.
 */
const echo =
  (status: number, headers: Record<string, string | string[]> = {}): Answer =>
  async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const sent = `${request.headers.authorization ?? ''} ${Buffer.concat(chunks)}`
    const decoded = Buffer.from(sent.split(' ')[1] ?? '', 'base64').toString('latin1')
    response.writeHead(status, headers).end(
      JSON.stringify({
        errors: [{ code: sent, message: `${decoded} ${sent}`, detail: { sent } }],
        error: sent,
        tags: `${sent} ${decoded}`,
      }),
    )
  }

const demand =
  (challenge: string): Answer =>
  (request, response) =>
    request.headers.authorization
      ? echo(403)(request, response)
      : void response.writeHead(401, { 'www-authenticate': challenge }).end()

const tokens =
  (answer: Answer, then: Answer): Answer =>
  (request, response) => {
    if (request.url?.startsWith('/token')) return answer(request, response)
    if (!request.headers.authorization)
      return void response
        .writeHead(401, { 'www-authenticate': 'Bearer realm="/token?key=in-query"' })
        .end()
    return then(request, response)
  }
const mint: Answer = (_request, response) =>
  void response.end(JSON.stringify({ token: secrets.minted }))

describe('no secret is ever in an error', () => {
  test.each<[string, Answer]>([
    ['of a refusal that says all it was sent', demand('Basic realm="x"')],
    ['of a refusal with a new challenge', echo(401, { 'www-authenticate': 'Basic realm="x"' })],
    ['of a token server that refuses', tokens(echo(401), echo(200))],
    ['of a token server that is out of order', tokens(echo(500), echo(200))],
    ['of a token server without a token', tokens(echo(200), echo(200))],
    ['of a token server elsewhere', demand('Bearer realm="http://127.0.0.2:9/token?key=in-query"')],
    ['of a registry that refuses the token', tokens(mint, echo(403))],
    [
      'of a registry that takes no token',
      tokens(
        mint,
        echo(401, { 'www-authenticate': 'Bearer realm="/token",error="insufficient_scope"' }),
      ),
    ],
    ['of a registry out of order', tokens(mint, echo(500))],
    [
      'of a limit',
      tokens(mint, (request, response) =>
        echo(429, { 'ratelimit-limit': request.headers.authorization ?? '', 'retry-after': '999' })(
          request,
          response,
        ),
      ),
    ],
    [
      'of a page for people',
      tokens(
        mint,
        (request, response) =>
          void response
            .writeHead(502, { 'content-type': 'text/html' })
            .end(`<title>${request.headers.authorization}</title>`),
      ),
    ],
    [
      'of a body that is no list',
      tokens(mint, (request, response) => void response.end(`"${request.headers.authorization}`)),
    ],
    ['of a list of another type', tokens(mint, echo(200))],
    [
      'of a redirect',
      tokens(
        mint,
        (request, response) =>
          void response
            .writeHead(302, {
              location: `http://127.0.0.2:9/?a=${encodeURIComponent(request.headers.authorization ?? '')}`,
            })
            .end(),
      ),
    ],
    [
      'of a redirect to a host of its name',
      tokens(mint, (request, response) => {
        const host = `${request.headers.authorization?.split(' ')[1]}.example.net`
        response.writeHead(302, { location: `http://${host}/` }).end()
      }),
    ],
    [
      'of a Link elsewhere',
      tokens(
        mint,
        (request, response) =>
          void response
            .writeHead(200, {
              link: `<http://127.0.0.2:9/${request.headers.authorization}?a=${request.headers.authorization}>; rel="next"`,
            })
            .end('{"tags":["1"]}'),
      ),
    ],
    [
      'of a Link without sense',
      tokens(
        mint,
        (request, response) =>
          void response
            .writeHead(200, { link: `<${request.headers.authorization}; rel="next"` })
            .end('{"tags":["1"]}'),
      ),
    ],
    ['of a closed connection', tokens(mint, request => void request.socket.destroy())],
  ])('%s', async (_name, answer) => {
    const server = await startServer(answer)
    for (const chosen of [credentials, ...credentials.map(credential => [credential])]) {
      await expectNoSecret(`${server.host}/lab/app`, chosen)
    }
    await server.stop()
  })

  test('of a proxy', async () => {
    const proxySecret = (address: string) => ({
      name: 'apps/proxy',
      type: 'Opaque',
      data: new Map([
        ['address', address],
        ['username', 'u'],
        ['password', secrets.proxy],
      ]),
    })
    const proxy = await startConnectProxy(9, 'other:login')
    for (const address of [
      proxy.origin,
      'http://127.0.0.1:9',
      `http://u:${secrets.proxy}@127.0.0.1:9`,
      `http://u:${secrets.proxy}@[`,
      `ftp://u:${secrets.proxy}@x`,
    ]) {
      await expectNoSecret('10.9.8.7:5000/lab/app', credentials, {
        insecure: true,
        proxySecret: proxySecret(address),
      })
    }
    await proxy.stop()
  })

  test.each([
    ['a key that is none', { 'tls.crt': 'x', 'tls.key': secrets.password }],
    ['a key without a certificate', { 'tls.key': secrets.password }],
    ['an authority that is none', { 'ca.crt': secrets.password }],
    [
      'a broken authority',
      { 'ca.crt': `-----BEGIN CERTIFICATE-----\n${secrets.password}\n-----END CERTIFICATE-----` },
    ],
    ['nothing', {}],
  ])('of %s', async (_name, data) => {
    const certSecret = { name: 'apps/tls', type: 'Opaque', data: new Map(Object.entries(data)) }
    const error = await expectNoSecret('127.0.0.1:9/lab/app', credentials, {
      certSecret: certSecret,
    })
    expect(error).toMatchObject({
      message: expect.stringContaining('Secret apps/tls (certSecretRef): '),
    })
  })
})

async function expectNoSecret(
  repository: string,
  chosen: readonly Credential[],
  access?: RepositoryAccess,
): Promise<unknown> {
  const warnings: string[] = []
  const source = ociTagSource({
    env: {},
    findCredentials: async () => chosen,
    onWarning: warning => warnings.push(warning),
    limits: { firstPause: 1, lookup: 3_000 },
  })
  const failures = [
    await source.listTags(repository, access).catch(error => error),
    await source.digestOf(repository, 'x', access).catch(error => error),
  ]
  for (const failure of failures) {
    const text = [
      failure.message,
      failure.problem,
      failure.stack,
      inspect(failure, { depth: 9, showHidden: true }),
      JSON.stringify(failure),
      ...warnings,
    ].join('\n')
    expect(failure).toMatchObject({ code: expect.stringMatching(/^REGISTRY_/) })
    for (const form of forms) expect(text).not.toContain(form)
    expect(text).not.toContain('in-query')
  }
  return failures[0]
}

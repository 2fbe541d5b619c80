import { networkProblem } from '../../src/registry/network-problem.ts'
import { ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { startConnectProxy } from './lab/connect-proxy.ts'
import { freePort } from './lab/programs.ts'
import { startServer } from './lab/server.ts'

const url = new URL('https://registry.example.com/v2/a/tags/list')
const failure = (code: string, message = 'said so') => Object.assign(new Error(message), { code })

describe('the problem and the advice', () => {
  test.each<[string, unknown, RegExp, RegExp, boolean]>([
    // name, error, problem, advice, worth another try
    [
      'no such name',
      failure('ENOTFOUND'),
      /^the host name registry\.example\.com can't be resolved \(ENOTFOUND\)$/,
      /check the name.*kustomize.*`--network` together with `network: true`.*kpt by `--network` \(fn eval\) or `--allow-network` \(fn render\)/,
      false,
    ],
    ['no DNS server', failure('EAI_AGAIN'), /can't be resolved \(EAI_AGAIN\)/, /DNS server/, true],
    [
      'nothing listens',
      failure('ECONNREFUSED'),
      /^the connection was refused/,
      /check the host and the port/,
      false,
    ],
    [
      'nothing listens on any address',
      Object.assign(new AggregateError([failure('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
      /^the connection was refused/,
      /port/,
      false,
    ],
    ['no route', failure('ENETUNREACH'), /can't be reached/, /`--allow-network`/, false],
    [
      'an unknown authority',
      failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      /^the TLS certificate is not trusted/,
      /`ca\.crt` in `certSecretRef`, or by SSL_CERT_FILE/,
      false,
    ],
    [
      'a certificate of its own',
      failure('DEPTH_ZERO_SELF_SIGNED_CERT'),
      /^the TLS certificate is not trusted/,
      /`ca\.crt`/,
      false,
    ],
    [
      'a certificate for another host',
      failure('ERR_TLS_CERT_ALTNAME_INVALID'),
      /^the TLS certificate is not trusted/,
      /must present a valid certificate for this host/,
      false,
    ],
    [
      'an old certificate',
      failure('CERT_HAS_EXPIRED'),
      /^the TLS certificate is not trusted/,
      /must present a valid certificate/,
      false,
    ],
    [
      'plain http on the port',
      failure('ERR_SSL_WRONG_VERSION_NUMBER'),
      /^registry\.example\.com does not speak TLS/,
      /`insecure: true`/,
      false,
    ],
    [
      'no client certificate',
      failure('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      /^the registry wants a client certificate/,
      /`tls\.crt` and `tls\.key`/,
      false,
    ],
    [
      'a wrong client certificate',
      failure('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'),
      /^the registry wants a client certificate, or refuses this one/,
      /`tls\.crt`/,
      false,
    ],
    [
      'a closed connection',
      failure('UND_ERR_SOCKET', 'other side closed'),
      /^the connection was closed/,
      /client certificate/,
      true,
    ],
    [
      'a reset connection inside',
      Object.assign(failure('UND_ERR_SOCKET'), { cause: failure('ECONNRESET') }),
      /^the connection was closed \(ECONNRESET\)/,
      /try again/,
      true,
    ],
    ['a slow connection', failure('UND_ERR_CONNECT_TIMEOUT'), /^no answer in time/, /proxy/, true],
    [
      'a proxy that wants a login',
      failure('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling'),
      /^the proxy asks for a login \(407\)$/,
      /HTTPS_PROXY/,
      false,
    ],
    [
      'a proxy that refuses',
      failure('UND_ERR_ABORTED', 'Proxy response (403) !== 200 when HTTP Tunneling'),
      /^Proxy response \(403\)/,
      /NO_PROXY/,
      false,
    ],
    [
      'no HTTP at all',
      failure('HPE_INVALID_CONSTANT'),
      /not proper HTTP/,
      /port and the scheme/,
      false,
    ],
    ['headers without end', failure('UND_ERR_HEADERS_OVERFLOW'), /not proper HTTP/, /host/, false],
    [
      'anything else',
      new Error('\u001b[31mwhat?'),
      /^ERROR \\u\{1b\}\[31mwhat\?$/,
      /try again/,
      false,
    ],
    ['no error at all', 'text', /^ERROR text$/, /try again/, false],
  ])('%s', (_name, error, problem, advice, retry) => {
    expect(networkProblem(error, url, true)).toEqual({
      problem: expect.stringMatching(problem),
      advice: expect.stringMatching(advice),
      retry,
    })
  })

  test.each(['EAI_AGAIN', 'ENOTFOUND', 'ENETUNREACH', 'ECONNREFUSED'])(
    '%s without any network names the switches of the hosts',
    code => {
      expect(networkProblem(failure(code), url, false)).toEqual({
        problem: `this process has no network (${code})`,
        advice:
          'kustomize gives functions network only by `--network` together with `network: true` in the function annotation; ' +
          'kpt by `--network` (fn eval) or `--allow-network` (fn render)',
        retry: false,
      })
    },
  )
})

describe('in a real request', () => {
  const ask = (host: string, env: Record<string, string> = {}, hasNetwork = true) =>
    ociTagSource({ env, hasNetwork: () => hasNetwork, limits: { firstPause: 5 } }).listTags(
      `${host}/lab/app`,
    )

  test('nothing listens', async () => {
    const host = `127.0.0.1:${await freePort()}`
    await expect(ask(host)).rejects.toThrow(
      `GET ${host}/lab/app/tags/list: the connection was refused (ECONNREFUSED); check the host and the port`,
    )
    await expect(ask(host, {}, false)).rejects.toThrow(
      'this process has no network (ECONNREFUSED); kustomize gives',
    )
  })

  test('the name is unknown', async () => {
    await expect(ask('no-such-host.invalid')).rejects.toThrow(
      "the host name no-such-host.invalid can't be resolved",
    )
  }, 15_000)

  test('the server does not speak HTTP', async () => {
    const { createServer } = await import('node:net')
    const server = createServer(
      socket => void socket.on('error', () => {}).end('SSH-2.0-OpenSSH\r\n'),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const asked = ask(`127.0.0.1:${port}`)
    await asked.catch(() => server.close())
    await expect(asked).rejects.toThrow('the answer is not proper HTTP')
  })

  test('the proxy requires a login, and accepts the right one', async () => {
    const server = await startServer((_request, response) => void response.end('{"tags":["1"]}'))
    const proxy = await startConnectProxy(Number(server.host.split(':')[1]), 'user:proxy-password')
    const secret = (data: Record<string, string>) => ({
      name: 'apps/proxy',
      type: 'Opaque',
      data: new Map(Object.entries(data)),
    })
    const by = (data: Record<string, string>) =>
      ociTagSource({ env: {} }).listTags('10.9.8.7/lab/app', {
        insecure: true,
        proxySecret: secret({ address: proxy.origin, ...data }),
      })
    await expect(by({})).rejects.toThrow(
      'the proxy asks for a login (407); give user and password in HTTPS_PROXY, or in `proxySecretRef`',
    )
    expect(await by({ username: 'user', password: 'proxy-password' })).toEqual(['1'])
    await proxy.stop()
    await server.stop()
  })
})

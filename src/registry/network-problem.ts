import { networkInterfaces } from 'node:os'
import { refusedAddress } from './address-policy.ts'
import { quoteServerText } from './server-text.ts'
import { tooLong } from './transport.ts'

/** Why a request got no answer, what to do about it, and whether an immediate retry may help. */
export interface NetworkProblem {
  readonly problem: string
  readonly advice: string
  readonly retry: boolean
}

const switches =
  'kustomize gives functions network only by `--network` together with `network: true` in the function annotation; kpt by `--network` (fn eval) or `--allow-network` (fn render)'

/** `hasNetwork`: see `hasNetworkInterface`. */
export function networkProblem(error: unknown, url: URL, hasNetwork: boolean): NetworkProblem {
  const { code, message } = causeOf(error)
  const failed = (problem: string, advice: string, retry = false): NetworkProblem => ({
    problem,
    advice,
    retry,
  })
  const { hostname, host } = url

  if (code === refusedAddress)
    return failed(
      `requests to ${hostname} are refused: ${message}`,
      'correct the host, or ask who wrote it',
    )
  if (code === tooLong)
    return failed(
      `the answer is too large: ${message}`,
      'no registry needs as much; the list was not used',
    )
  if (!hasNetwork && unreachable.has(code))
    return failed(`this process has no network (${code})`, switches)
  if (dns.has(code)) {
    const advice = `check the name and the DNS server; in a container: ${switches}`
    return failed(
      `the host name ${hostname} can't be resolved (${code})`,
      advice,
      code === 'EAI_AGAIN',
    )
  }
  if (isTlsReason(code, wrongScheme))
    return failed(
      `${host} does not speak TLS (${code})`,
      'check the port; plain http needs `insecure: true`',
    )
  if (isTlsReason(code, clientCertificate)) {
    return failed(
      `the registry wants a client certificate, or refuses this one (${code})`,
      'give `tls.crt` and `tls.key` by `certSecretRef`',
    )
  }
  if (certificate.test(code)) {
    const advice =
      code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'CERT_HAS_EXPIRED'
        ? 'the registry must present a valid certificate for this host'
        : "trust the registry's authority by `ca.crt` in `certSecretRef`, or by SSL_CERT_FILE"
    return failed(
      `the TLS certificate is not trusted (${code}: ${quoteServerText(message, 200)})`,
      advice,
    )
  }
  if (/^Proxy response \(407\)|Proxy Authentication Required/.test(message)) {
    return failed(
      'the proxy asks for a login (407)',
      'give user and password in HTTPS_PROXY, or in `proxySecretRef`',
    )
  }
  if (/^Proxy response/.test(message))
    return failed(quoteServerText(message, 200), 'check the proxy, or name the host in NO_PROXY')
  if (code === 'ECONNREFUSED')
    return failed('the connection was refused (ECONNREFUSED)', 'check the host and the port')
  if (unreachable.has(code))
    return failed(`${host} can't be reached (${code})`, `check the network; ${switches}`)
  if (timeouts.has(code))
    return failed(
      `no answer in time (${code})`,
      'try again, or check the network and its proxy',
      true,
    )
  if (/^HPE_|^HTTPParserError$|^UND_ERR_(HEADERS_OVERFLOW|RES_CONTENT_LENGTH)/.test(code)) {
    return failed(
      `the answer is not proper HTTP (${code})`,
      'check the host, the port and the scheme',
    )
  }
  if (resets.has(code)) {
    const advice =
      url.protocol === 'https:'
        ? 'try again; a registry that wants a client certificate does the same'
        : 'try again'
    return failed(`the connection was closed (${code})`, advice, true)
  }
  return failed(quoteServerText(`${code} ${message}`, 200), 'try again')
}

/**
 * Whether this process has a network interface other than loopback: a container started with
 * `--network none` does not.
 */
export const hasNetworkInterface = (): boolean =>
  Object.values(networkInterfaces()).some(addresses => addresses?.some(({ internal }) => !internal))

/**
 * Whether a plain http request may have reached a server that speaks TLS: most of them close the
 * connection or answer in TLS.
 */
export const isClosed = (error: unknown): boolean =>
  resets.has(causeOf(error).code) || /^HPE_|^HTTPParserError$/.test(causeOf(error).code)

const dns = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA', 'ESERVFAIL'])
const unreachable = new Set([
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
])
const timeouts = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])
const resets = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ECONNABORTED',
])
const wrongScheme = [
  'WRONG_VERSION_NUMBER',
  'PACKET_LENGTH_TOO_LONG',
  'HTTP_REQUEST',
  'UNKNOWN_PROTOCOL',
]
const clientCertificate = [
  'CERTIFICATE_REQUIRED',
  'ALERT_BAD_CERTIFICATE',
  'ALERT_HANDSHAKE_FAILURE',
  'ALERT_UNKNOWN_CA',
  'ALERT_CERTIFICATE_UNKNOWN',
]
/** OpenSSL's reasons may have a prefix, such as `TLSV1_`. */
const isTlsReason = (code: string, reasons: readonly string[]) =>
  code.startsWith('ERR_SSL_') && reasons.some(reason => code.includes(reason))
const certificate = /CERT|^UNABLE_TO_|_SIGNATURE|^INVALID_(CA|PURPOSE)|^HOSTNAME_MISMATCH/

interface Cause {
  readonly code: string
  readonly message: string
}

/** The innermost error with a code, because undici and Happy Eyeballs wrap it. */
function causeOf(error: unknown): Cause {
  if (typeof error !== 'object' || error === null) return { code: 'ERROR', message: String(error) }
  const { name, code, message, cause, errors } = error as Partial<
    Record<'name' | 'code' | 'message', string>
  > & {
    cause?: unknown
    errors?: unknown[]
  }
  const inner = errors?.[0] ?? cause
  if (
    inner !== undefined &&
    (code === undefined || code === 'UND_ERR_SOCKET' || code === 'UND_ERR_PRX_TLS')
  ) {
    const innermost = causeOf(inner)
    if (innermost.code !== 'ERROR') return innermost
  }
  // llhttp's errors may have only a name
  const known = typeof code === 'string' ? code : nameOf(name)
  return { code: known, message: message || known }
}

const nameOf = (name: string | undefined) =>
  name === undefined || name === 'Error' ? 'ERROR' : name

import type { SecretData } from '../image/repository-access.ts'
import { isLoopbackHost } from './address-policy.ts'
import type { HttpResponse } from './http.ts'
import { isClosed } from './network-problem.ts'
import type { Transport } from './transport.ts'

/** The scheme of the first request: plain http only for this machine or if `insecure` allows it. */
export function firstScheme(
  hostname: string,
  access: { readonly insecure?: boolean; readonly certSecret?: SecretData } | undefined,
): 'http:' | 'https:' {
  return access?.insecure || (isLoopbackHost(hostname) && !access?.certSecret) ? 'http:' : 'https:'
}

/**
 * The same transport, which switches from http to https if the server speaks TLS. Never from https
 * to http. The URL of the answer has the scheme that was used.
 */
export function preferTls(transport: Transport): Transport {
  const speaksTls = new Set<string>()
  return async (request, route, signal) => {
    const secure = { ...request, url: withScheme(request.url, 'https:') }
    if (request.url.protocol === 'https:') return transport(request, route, signal)
    if (speaksTls.has(request.url.host)) return transport(secure, route, signal)

    const plain = await transport(request, route, signal).catch((error: unknown) => error)
    if (!isAnswer(plain) ? !isClosed(plain) && request.url.port !== '' : !wantsTls(plain)) {
      if (isAnswer(plain)) return plain
      throw plain
    }
    try {
      const answer = await transport(secure, route, signal)
      speaksTls.add(request.url.host)
      return answer
    } catch (error) {
      // if the port does not speak TLS either, the reason why plain http failed is the useful one
      if (
        isAnswer(plain) ||
        !/^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH)|^ECONN|^EPIPE|^UND_ERR_SOCKET/.test(
          (error as NodeJS.ErrnoException).code ?? '',
        )
      )
        throw error
      throw plain
    }
  }
}

const isAnswer = (outcome: unknown): outcome is HttpResponse =>
  typeof outcome === 'object' && outcome !== null && 'status' in outcome

/** Go's server and nginx answer plain http on a TLS port with this text. */
const wantsTls = ({ status, body }: HttpResponse): boolean =>
  status === 400 &&
  /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i.test(
    body.subarray(0, 1_000).toString('latin1'),
  )

function withScheme(url: URL, protocol: 'https:'): URL {
  const port = url.port === '' ? '' : `:${url.port}`
  return new URL(`${protocol}//${url.hostname}${port}${url.pathname}${url.search}`)
}

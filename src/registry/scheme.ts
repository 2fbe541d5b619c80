import type { SecretData } from '../image/repository-access.ts'
import { isLoopbackHost } from './address-policy.ts'
import type { HttpResponse } from './http.ts'
import { isClosed } from './network-problem.ts'
import type { Transport } from './transport.ts'

/** The scheme that a registry is asked by first: plain http is for this machine, and where `insecure` allows it. */
export function firstScheme(
  hostname: string,
  access: { readonly insecure?: boolean; readonly certSecret?: SecretData } | undefined,
): 'http:' | 'https:' {
  return access?.insecure || (isLoopbackHost(hostname) && !access?.certSecret) ? 'http:' : 'https:'
}

/**
 * The same transport, where plain http becomes https as soon as a server turns out to speak TLS. Never the other way round. The answer's
 * URL says what was used.
 */
export function preferTls(transport: Transport): Transport {
  const speaksTls = new Set<string>()
  return async (request, way, signal) => {
    const secure = { ...request, url: withScheme(request.url, 'https:') }
    if (request.url.protocol === 'https:') return transport(request, way, signal)
    if (speaksTls.has(request.url.host)) return transport(secure, way, signal)

    const plain = await transport(request, way, signal).catch((error: unknown) => error)
    if (!isAnswer(plain) ? !isClosed(plain) && request.url.port !== '' : !wantsTls(plain)) {
      if (isAnswer(plain)) return plain
      throw plain
    }
    try {
      const answer = await transport(secure, way, signal)
      speaksTls.add(request.url.host)
      return answer
    } catch (error) {
      // that the port does not speak TLS is no news when plain http has failed for a reason of its own
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

/** What Go's server and nginx say in the clear to plain http on a TLS port. */
const wantsTls = ({ status, body }: HttpResponse): boolean =>
  status === 400 &&
  /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i.test(
    body.subarray(0, 1_000).toString('latin1'),
  )

function withScheme(url: URL, protocol: 'https:'): URL {
  const port = url.port === '' ? '' : `:${url.port}`
  return new URL(`${protocol}//${url.hostname}${port}${url.pathname}${url.search}`)
}

import type { Dispatcher } from 'undici'
import { FunctionError } from '../../errors.ts'
import { type Env, proxyOf } from '../proxy.ts'
import { secureContextFor } from '../tls.ts'

/**
 * A request to an endpoint of a cloud, never to a registry or to another server that YAML can name.
 */
export interface EndpointRequest {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds for all of it; 10,000 by default. */
  readonly timeout?: number
}

export interface EndpointAnswer {
  /** `POST https://sts.amazonaws.com/`, for errors: without the query, which may hold a secret. */
  readonly request: string
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/**
 * Sends one request: no redirects, no retries, at most 64 KiB. Throws REGISTRY_FAILED if there is
 * no answer; resolves for any status.
 */
export type AskEndpoint = (url: string, request?: EndpointRequest) => Promise<EndpointAnswer>

/**
 * Sends requests over the network: https with the environment's proxy and authorities; plain http
 * without a proxy and only to local addresses.
 */
export function askByHttp(env: Env): AskEndpoint {
  return async (url, { method = 'GET', headers = {}, body, timeout = 10_000 } = {}) => {
    const target = parseUrl(url)
    const { protocol, hostname, origin, pathname } = target
    const request = `${method} ${origin}${pathname}`
    if (protocol !== 'https:' && !(protocol === 'http:' && isLocal(hostname))) {
      throw new FunctionError(
        'REGISTRY_FAILED',
        `${request}: must be https, because the request holds a credential`,
      )
    }
    const dispatcher = await dispatcherFor(target, env)
    try {
      const { request: send } = await import('../undici.ts')
      const answer = await send(url, {
        method,
        headers,
        body: body ?? null,
        dispatcher,
        signal: AbortSignal.timeout(timeout),
      })
      return {
        request,
        status: answer.statusCode,
        headers: answer.headers,
        body: await answer.body.text(),
      }
    } catch (error) {
      // without the cause: errors of undici may hold the request's headers
      throw new FunctionError('REGISTRY_FAILED', `${request}: no answer (${reasonOf(error)})`)
    } finally {
      await dispatcher.destroy()
    }
  }
}

function parseUrl(url: string): URL {
  try {
    return new URL(url)
  } catch {
    throw new FunctionError(
      'REGISTRY_FAILED',
      'an endpoint of the credential provider must be a URL; check the variables that set it',
    )
  }
}

/**
 * Loopback, link-local (the metadata services of clouds), private addresses (the one of App
 * Service), Amazon's IPv6 addresses, and Google's service by name.
 */
const isLocal = (hostname: string) =>
  /^(localhost|(127|10)(\.\d{1,3}){3}|(169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))(\.\d{1,3}){2}|\[::1\]|\[fd00:ec2::[0-9a-f]{1,4}\]|metadata\.google\.internal)$/.test(
    hostname,
  )

async function dispatcherFor(url: URL, env: Env): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('../undici.ts')
  const limits = { maxResponseSize: 65_536 }
  if (url.protocol === 'http:') return new Agent(limits)
  const secureContext = secureContextFor(url.host, undefined, env)
  const tls = secureContext ? { secureContext } : {}
  const proxy = proxyOf(url, undefined, env)
  return proxy
    ? new ProxyAgent({ ...limits, uri: proxy.href, requestTls: tls })
    : new Agent({ ...limits, connect: tls })
}

function reasonOf(error: unknown): string {
  const { name, code }: { name?: unknown; code?: unknown } = Object(error)
  if (name === 'TimeoutError') return 'timed out'
  return String(typeof code === 'string' ? code : name)
}

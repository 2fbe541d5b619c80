import type { SecureContext } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import type { Dispatcher } from 'undici'
import type { SecretData } from '../image/repository-access.ts'
import { type AddressGuard, guardAddresses, proxyGuard, refusedAddress } from './address-policy.ts'
import type { HttpRequest, HttpResponse } from './http.ts'
import type { Limits } from './limits.ts'
import { type Env, proxyOf } from './proxy.ts'
import { parseTrustedHosts } from './token-realm.ts'

/** How to reach one registry, and the servers that it refers to, on behalf of one policy. */
export interface Route {
  /**
   * Differs where anything here, or `insecure`, differs: what is learned on one route about a
   * registry is not used on another.
   */
  readonly id: string
  /** The host of the registry's API, with its port. */
  readonly registryHost: string
  readonly certSecret?: SecretData
  readonly proxySecret?: SecretData
}

/**
 * Sends one request, once. Rejects with the errors of sockets, TLS and undici; resolves for any
 * status.
 */
export type Transport = (
  request: HttpRequest,
  route: Route,
  signal: AbortSignal,
) => Promise<HttpResponse>

/** Code of the error for an answer that is longer than the request allows. */
export const tooLong = 'ERR_ANSWER_TOO_LONG'

export function createTransport(env: Env, limits: Limits): Transport {
  const dispatchers = new Map<string, Promise<Dispatcher>>()
  const guards = new Map<string, AddressGuard>()
  const trustedHosts = parseTrustedHosts(env.IMAGE_POLICY_TRUSTED_TOKEN_HOSTS).map(hostnameOf)

  return async ({ method, url, headers, body, maxBytes, readBody }, route, signal) => {
    // for each request, since sockets don't look up a literal address, and a connection may be
    // reused
    refuseHost(url.hostname, guardFor(route))
    const dispatcher = await dispatcherFor(url, route)
    const { request } = await loadUndici()
    const options = {
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      body: body ?? null,
      signal,
    }
    // a copy: ProxyAgent writes `host` into it
    const answer = await request.call(dispatcher, { ...options, headers: { ...headers } })
    const content = await contentOf(answer, maxBytes, readBody)
    return { url, status: answer.statusCode, headers: answer.headers, body: content }
  }

  async function contentOf(
    { statusCode, body }: Dispatcher.ResponseData,
    maxBytes: number,
    readBody: HttpRequest['readBody'],
  ): Promise<Buffer> {
    if (statusCode !== 200) return readStart(body, limits.errorBytes)
    return readBody
      ? readInChunks(body, maxBytes, limits.errorBytes, readBody())
      : readAll(body, maxBytes)
  }

  function dispatcherFor(url: URL, route: Route): Promise<Dispatcher> {
    const key = JSON.stringify([url.origin, route.id])
    const dispatcher = dispatchers.get(key) ?? createDispatcher(url, route)
    dispatchers.set(key, dispatcher)
    return dispatcher
  }

  function guardFor(route: Route): AddressGuard {
    const guard =
      guards.get(route.id) ?? guardAddresses(hostnameOf(route.registryHost), trustedHosts)
    guards.set(route.id, guard)
    return guard
  }

  async function createDispatcher(url: URL, route: Route): Promise<Dispatcher> {
    const proxy = proxyOf(url, route.proxySecret, env)
    if (proxy) refuseHost(proxy.hostname, proxyGuard())

    const options = {
      connections: limits.perHost,
      headersTimeout: limits.headers,
      bodyTimeout: limits.idle,
    }
    const connect = {
      timeout: limits.connect,
      ...(url.protocol === 'https:' && (await secure(url, route))),
    }
    if (!proxy) {
      const { Agent } = await loadUndici()
      return new Agent({
        ...options,
        connect: { ...connect, lookup: guardFor(route).lookup },
      })
    }
    // ProxyAgent needs the index of undici, which adds `connect` to all dispatchers
    const { ProxyAgent } = await import('./undici.ts')
    const proxyTls = {
      timeout: limits.connect,
      lookup: proxyGuard().lookup,
      ...(proxy.protocol === 'https:' && (await secure(proxy, route))),
    }
    return new ProxyAgent({ ...options, uri: proxy.href, requestTls: connect, proxyTls })
  }

  async function secure(url: URL, route: Route): Promise<{ secureContext?: SecureContext }> {
    // loaded on demand: plain http to this machine does not need node:tls
    const { secureContextFor } = await import('./tls.ts')
    const secureContext = secureContextFor(url.host, route.certSecret, env)
    return secureContext ? { secureContext } : {}
  }
}

/**
 * Loads undici on the first request, because loading it takes longer than a listing (see
 * bench/README.md). The flag keeps V8 from optimising llhttp's WebAssembly: at exit, Node would
 * wait for that to finish.
 */
async function loadUndici(): Promise<typeof import('./undici-agent.ts')> {
  const undici = await import('./undici-agent.ts')
  // only now: V8 rejects a cache of compiled code that was made with other flags
  // (src/boot/load-program.ts)
  setFlagsFromString('--liftoff-only')
  return undici
}

function refuseHost(hostname: string, guard: AddressGuard): void {
  const problem = guard.hostProblem(hostname)
  if (problem) throw Object.assign(new Error(problem), { code: refusedAddress })
}

const hostnameOf = (host: string) =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host

type Body = Dispatcher.ResponseData['body']

async function readStart(body: Body, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    chunks.push(chunk)
    if (length > bytes) break
  }
  return Buffer.concat(chunks).subarray(0, bytes)
}

async function readAll(body: Body, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  await readInChunks(body, maxBytes, 0, chunk => chunks.push(chunk))
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
}

/**
 * Returns the first bytes of the body. Counts them here instead of by undici's `maxResponseSize`,
 * which is one limit for all answers of a host: a token needs less than a list.
 */
async function readInChunks(
  body: Body,
  maxBytes: number,
  startBytes: number,
  read: (chunk: Buffer) => void,
): Promise<Buffer> {
  const start: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (length < startBytes) start.push(chunk)
    length += chunk.length
    if (length > maxBytes)
      throw Object.assign(new Error(`more than ${maxBytes / 1024} KiB`), { code: tooLong })
    read(chunk)
  }
  return Buffer.concat(start).subarray(0, startBytes)
}

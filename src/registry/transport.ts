import type { SecureContext } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import type { Dispatcher } from 'undici'
import type { SecretData } from '../image/repository-access.ts'
import { guardedLookup, hostProblem, isLoopbackHost, refusedAddress } from './address-policy.ts'
import type { HttpRequest, HttpResponse } from './http.ts'
import type { Limits } from './limits.ts'
import { type Env, proxyOf } from './proxy.ts'

/** How to reach one registry, and what it sends us to, on behalf of one policy. */
export interface Way {
  /** Differs where anything here, or `insecure`, differs: what one way teaches about a registry is not believed on another. */
  readonly id: string
  /** The API's host with its port: what is asked elsewhere may not be this machine, unless the registry is. */
  readonly registryHost: string
  readonly certSecret?: SecretData
  readonly proxySecret?: SecretData
}

/** Sends one request, once. Rejects with the errors of sockets, TLS and undici; any status is an answer. */
export type Transport = (
  request: HttpRequest,
  way: Way,
  signal: AbortSignal,
) => Promise<HttpResponse>

/** Thrown when an answer is longer than the request allows. */
export const tooLong = 'ERR_ANSWER_TOO_LONG'

export function createTransport(env: Env, limits: Limits): Transport {
  const dispatchers = new Map<string, Promise<Dispatcher>>()

  return async ({ method, url, headers, body, maxBytes }, way, signal) => {
    const dispatcher = await dispatcherFor(url, way)
    const { request } = await loadUndici()
    const options = {
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      body: body ?? null,
      signal,
    }
    const answer = await request.call(dispatcher, { ...options, headers: { ...headers } }) // a copy: ProxyAgent writes `host` into it
    const failed = answer.statusCode !== 200
    const content = await readAll(answer.body, failed ? limits.errorBytes : maxBytes, failed)
    return { url, status: answer.statusCode, headers: answer.headers, body: content }
  }

  function dispatcherFor(url: URL, way: Way): Promise<Dispatcher> {
    const key = JSON.stringify([url.origin, way.id])
    const dispatcher = dispatchers.get(key) ?? createDispatcher(url, way)
    dispatchers.set(key, dispatcher)
    return dispatcher
  }

  async function createDispatcher(url: URL, way: Way): Promise<Dispatcher> {
    const allowLoopback =
      url.host === way.registryHost || isLoopbackHost(hostnameOf(way.registryHost))
    const proxy = proxyOf(url, way.proxySecret, env)
    refuseHost(url.hostname, allowLoopback)
    if (proxy) refuseHost(proxy.hostname, true)

    const options = {
      connections: limits.perHost,
      headersTimeout: limits.headers,
      bodyTimeout: limits.idle,
    }
    const connect = {
      timeout: limits.connect,
      ...(url.protocol === 'https:' && (await secure(url, way))),
    }
    if (!proxy) {
      const { Agent } = await loadUndici()
      return new Agent({
        ...options,
        connect: { ...connect, lookup: guardedLookup(allowLoopback) },
      })
    }
    // through a proxy undici needs its index, which adds `connect` to all dispatchers
    const { ProxyAgent } = await import('./undici.ts')
    const proxyTls = {
      timeout: limits.connect,
      lookup: guardedLookup(true),
      ...(proxy.protocol === 'https:' && (await secure(proxy, way))),
    }
    return new ProxyAgent({ ...options, uri: proxy.href, requestTls: connect, proxyTls })
  }

  async function secure(url: URL, way: Way): Promise<{ secureContext?: SecureContext }> {
    // loaded here: node:tls takes 15 ms, which plain http to this machine need not pay
    const { secureContextFor } = await import('./tls.ts')
    const secureContext = secureContextFor(url.host, way.certSecret, env)
    return secureContext ? { secureContext } : {}
  }
}

/**
 * Loads undici, on the first request and not before: beside this a list costs little. Whole process, bundled, Node 20, median of 11, where
 * `node -e 0` takes 37 ms: all of undici 260 ms, with the flag 139 ms, its agent alone 105 ms. The flag keeps V8 from optimising llhttp's
 * WebAssembly, for whose end Node waits at exit.
 */
async function loadUndici(): Promise<typeof import('./undici-agent.ts')> {
  const undici = await import('./undici-agent.ts')
  setFlagsFromString('--liftoff-only') // not before: a cache of compiled code is not taken under other flags (src/boot/load-program.ts)
  return undici
}

function refuseHost(hostname: string, allowLoopback: boolean): void {
  const problem = hostProblem(hostname, allowLoopback)
  if (problem) throw Object.assign(new Error(problem), { code: refusedAddress })
}

const hostnameOf = (host: string) => new URL(`http://${host}`).hostname

/** Not undici's `maxResponseSize`: that is one bound for all answers of a host, and a token is not as long as a list. */
async function readAll(
  body: Dispatcher.ResponseData['body'],
  maxBytes: number,
  cut: boolean,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxBytes && !cut)
      throw Object.assign(new Error(`more than ${maxBytes / 1024} KiB`), { code: tooLong })
    chunks.push(chunk)
    if (length > maxBytes) break
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
}

import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AskEndpoint } from '../../../src/registry/credentials/endpoint.ts'
import { askByHttp } from '../../../src/registry/credentials/endpoint.ts'
import type { ProviderEnvironment } from '../../../src/registry/credentials/provider.ts'

export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly form: URLSearchParams
}

export interface Reply {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: string | object
}

/**
 * A service on loopback. It answers what `answer` says, 404 for undefined, and keeps what it was
 * asked.
 */
export async function serve(
  answer: (seen: Seen) => Reply | undefined | Promise<Reply | undefined>,
) {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback')
    const asked = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body,
      form: new URLSearchParams(body),
    }
    seen.push(asked)
    const reply = (await answer(asked)) ?? { status: 404, body: 'nothing here' }
    response.writeHead(reply.status ?? 200, reply.headers)
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/**
 * An environment of nothing but `env` and `files`. `reroute` leads an origin of the real world to
 * loopback; all other is refused.
 */
export function environmentOf(
  env: Record<string, string>,
  {
    files = {},
    reroute = {},
    home,
  }: { files?: Record<string, string>; reroute?: Record<string, string>; home?: string } = {},
): ProviderEnvironment & { asked: string[] } {
  const asked: string[] = []
  const byHttp = askByHttp({})
  const ask: AskEndpoint = async (url, request) => {
    const { origin } = new URL(url)
    asked.push(url)
    if (/^http:\/\/127\.0\.0\.1:/.test(url)) return byHttp(url, request)
    const target = reroute[origin]
    return byHttp(
      target === undefined ? 'http://127.0.0.1:1/' : url.replace(origin, target),
      request,
    ) // nobody listens on port 1
  }
  return { env, home, ask, asked, readFile: async path => files[path] }
}

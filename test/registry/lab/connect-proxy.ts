import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { LabServer } from './server.ts'

export interface ConnectProxy extends LabServer {
  /** `registry.example.com:443`, as clients asked for it. */
  readonly targets: readonly string[]
  /** The logins that clients showed. */
  readonly logins: readonly string[]
}

/**
 * A forward proxy that leads every tunnel to one port of this machine, so that any host name can be
 * tested. `login`: `user:password`.
 */
export async function startConnectProxy(port: number, login?: string): Promise<ConnectProxy> {
  const targets: string[] = []
  const logins: string[] = []
  const server = createServer((_request, response) => void response.writeHead(405).end())
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    targets.push(request.url ?? '')
    const shown = request.headers['proxy-authorization'] ?? ''
    logins.push(shown)
    client.on('error', () => client.destroy())
    if (login !== undefined && shown !== `Basic ${Buffer.from(login).toString('base64')}`) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const host = `127.0.0.1:${address.port}`
  return {
    host,
    origin: `http://${host}`,
    targets,
    logins,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
        setImmediate(resolve)
      }),
  }
}

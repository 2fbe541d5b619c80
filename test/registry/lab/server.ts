import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'

export interface LabServer {
  /** `127.0.0.1:43210` */
  readonly host: string
  /** `http://127.0.0.1:43210` */
  readonly origin: string
  stop(): Promise<void>
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/**
 * A server on a free port of `address`, which answers whatever `answer` says: for registries that
 * lie.
 */
export async function startServer(
  answer: Answer,
  { tls, address = '127.0.0.1' }: { tls?: ServerOptions; address?: string } = {},
): Promise<LabServer> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    Promise.resolve(answer(request, response)).catch(error => response.destroy(error as Error))
  }
  const server: Server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(0, address, resolve)
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  const host = `${address.includes(':') ? `[${address}]` : address}:${bound.port}`
  return {
    host,
    origin: `${tls ? 'https' : 'http'}://${host}`,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A registry on loopback that knows the tags of every repository, or never answers; for tests of the program, not of the protocol. */
export async function loopbackRegistry(tags: readonly string[] | 'never') {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (tags === 'never') return
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name: 'any', tags }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(resolve))
    },
  }
}

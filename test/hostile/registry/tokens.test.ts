import type { IncomingMessage, ServerResponse } from 'node:http'
import { ociTagSource } from '../../../src/registry/oci-tag-source.ts'
import { login } from '../../registry/lab/credentials.ts'
import { type LabServer, startServer } from '../../registry/lab/server.ts'

let server: LabServer
afterEach(() => server.stop())

const start = async (
  challenge: string,
  token: (request: IncomingMessage, response: ServerResponse) => void,
  seen: string[] = [],
) => {
  server = await startServer((request, response) => {
    seen.push(decodeURIComponent(request.url ?? ''))
    if (request.url?.startsWith('/token')) return token(request, response)
    if (request.headers.authorization) return void response.end('{"tags":["1"]}')
    response.writeHead(401, { 'www-authenticate': challenge }).end()
  })
  return `${server.host}/lab/app`
}

test.each<[string, number, Record<string, string>, string]>([
  ['a refusal', 401, {}, '{"errors":[{"code":"SECRET","message":"of-the-intranet"}]}'],
  ['a description', 403, {}, '{"error_description":"SECRET of-the-intranet"}'],
  ['text', 500, {}, 'SECRET of-the-intranet'],
  ['a page', 502, { 'content-type': 'text/html' }, '<title>SECRET of-the-intranet</title>'],
  ['limits', 429, { 'ratelimit-limit': 'SECRET of-the-intranet' }, ''],
  ['a redirect', 302, { location: 'http://SECRET.of-the-intranet/' }, ''],
  ['no token', 200, {}, '{"secret":"SECRET of-the-intranet"}'],
])('%s of a token server is never quoted', async (_name, status, headers, body) => {
  const repository = await start(
    'Bearer realm="/token"',
    (_request, response) => void response.writeHead(status, headers).end(body),
  )
  const source = ociTagSource({ env: {}, limits: { firstPause: 1 } })
  const error: Error = await source.listTags(repository).catch(failure => failure)
  expect(error.message).toMatch(/^GET 127\.0\.0\.1:\d+\/token: /)
  expect(error.message).not.toMatch(/SECRET|of-the-intranet/i)
})

test('a scope for anything but reading this repository is not passed on', async () => {
  const seen: string[] = []
  const scope =
    'repository:victim/private:pull repository:lab/app:push,pull repository:lab/app:delete registry:catalog:*'
  const repository = await start(
    `Bearer realm="/token",scope="${scope}"`,
    (_request, response) => void response.end('{"token":"the-token"}'),
    seen,
  )
  await ociTagSource({ env: {}, findCredentials: async () => [login()] }).listTags(repository)
  expect(seen[1]).toBe('/token?scope=repository:lab/app:pull&client_id=image-policy-fn')
})

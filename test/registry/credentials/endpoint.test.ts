import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { askByHttp } from '../../../src/registry/credentials/endpoint.ts'
import { serve } from './loopback.ts'

test('sends the request, and returns any answer', async () => {
  await using service = await serve(() => ({
    status: 418,
    headers: { 'x-kind': 'teapot' },
    body: 'short and stout',
  }))
  const answer = await askByHttp({})(`${service.url}/tea?secret=1`, {
    method: 'POST',
    headers: { 'x-a': 'b' },
    body: 'milk',
  })
  expect(answer).toMatchObject({
    request: `POST ${service.url}/tea`,
    status: 418,
    body: 'short and stout',
    headers: { 'x-kind': 'teapot' },
  })
  expect(service.seen[0]).toMatchObject({
    method: 'POST',
    path: '/tea',
    body: 'milk',
    headers: { 'x-a': 'b' },
  })
})

test('follows no redirect', async () => {
  await using service = await serve(() => ({
    status: 302,
    headers: { location: '/other' },
    body: '',
  }))
  expect(await askByHttp({})(service.url)).toMatchObject({ status: 302 })
  expect(service.seen).toHaveLength(1)
})

test('reaches local services without a proxy, and others through it', async () => {
  await using service = await serve(() => ({ body: 'direct' }))
  const connected: string[] = []
  const proxy = createServer(socket => {
    socket.once('data', data => {
      connected.push(data.toString().split('\r\n')[0] ?? '')
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  try {
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const ask = askByHttp({ HTTPS_PROXY: address, HTTP_PROXY: address })
    expect(await ask(service.url)).toMatchObject({ body: 'direct' })
    await expect(ask('https://sts.example.com/')).rejects.toMatchObject({ code: 'REGISTRY_FAILED' })
    expect(connected).toEqual(['CONNECT sts.example.com:443 HTTP/1.1'])
  } finally {
    proxy.close()
  }
})

test.each([
  'http://sts.amazonaws.com/',
  'http://127.0.0.1.evil.com/',
  'http://169.254.169.254.evil.com/',
  'http://metadata.google.internal.evil.com/',
  'http://8.8.8.8/',
  'http://172.32.0.1/',
  'http://[2001:db8::1]/',
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
])('%s is refused', async url => {
  await expect(askByHttp({})(url)).rejects.toThrow(
    /^GET .*: must be https, because the request holds a credential$/,
  )
})

test.each([
  ['more than 64 KiB', async () => ({ body: 'x'.repeat(70_000) }), 'UND_ERR_RES_EXCEEDED_MAX_SIZE'],
  [
    'silence',
    () => new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), 1_000)),
    'timed out',
  ],
])('%s is an error', async (_name, answer, reason) => {
  await using service = await serve(answer)
  await expect(askByHttp({})(`${service.url}/a?secret=1`, { timeout: 300 })).rejects.toThrow(
    expect.objectContaining({
      code: 'REGISTRY_FAILED',
      message: `GET ${service.url}/a: no answer (${reason})`,
    }),
  )
})

test('no server at the address is an error', async () => {
  await expect(askByHttp({})('http://user:secret@127.0.0.1:1/')).rejects.toThrow(
    'GET http://127.0.0.1:1/: no answer (ECONNREFUSED)',
  )
})

test('an invalid URL is not quoted', async () => {
  await expect(askByHttp({})('secret')).rejects.toThrow(
    'an endpoint of the credential provider must be a URL; check the variables that set it',
  )
})

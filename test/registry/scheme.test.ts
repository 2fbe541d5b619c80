import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { firstScheme } from '../../src/registry/scheme.ts'
import { needs } from '../fixtures/needs.ts'
import { makeCertificates } from './lab/certificates.ts'
import { freePort } from './lab/programs.ts'
import { startServer } from './lab/server.ts'

const certSecret = { name: 'a/b', type: 'Opaque', data: new Map<string, string>() }

test.each([
  ['ghcr.io', undefined, 'https:'],
  ['10.0.0.1', {}, 'https:'],
  ['10.0.0.1', { insecure: true }, 'http:'],
  ['127.0.0.1', undefined, 'http:'],
  ['localhost', {}, 'http:'],
  ['[::1]', {}, 'http:'],
  ['localhost', { certSecret }, 'https:'],
] as const)('%s with %j is asked first by %s', (hostname, access, scheme) => {
  expect(firstScheme(hostname, access)).toBe(scheme)
})

needs('openssl')('a server of this machine that speaks TLS', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'image-policy-scheme-'))
    makeCertificates(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('is found out once, and then asked by https at once', async () => {
    const tls = {
      cert: readFileSync(join(folder, 'server.crt')),
      key: readFileSync(join(folder, 'server.key')),
    }
    const server = await startServer((_request, response) => void response.end('{"tags":["1"]}'), {
      tls,
    })
    const source = ociTagSource({ env: { SSL_CERT_FILE: join(folder, 'ca.crt') } })
    expect(await source.listTags(`${server.host}/lab/app`)).toEqual(['1'])
    expect(await source.listTags(`${server.host}/lab/other`)).toEqual(['1'])
    await server.stop()
  })
})

test('https is never given up for plain http', async () => {
  const server = await startServer((_request, response) => void response.end('{"tags":["1"]}'))
  const ca = { name: 'a/b', type: 'Opaque', data: new Map([['ca.crt', 'none']]) }
  await expect(
    ociTagSource({ env: {} }).listTags(`${server.host}/lab/app`, { certSecret: ca }),
  ).rejects.toThrow('`ca.crt` must hold certificates')
  await server.stop()
})

test('a connection that is closed says so, not that it speaks no TLS', async () => {
  const { createServer } = await import('node:net')
  const server = createServer(socket => void socket.on('error', () => {}).destroy())
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const asked = ociTagSource({ env: {}, limits: { firstPause: 1 } }).listTags(
    `127.0.0.1:${port}/lab/app`,
  )
  await asked.catch(() => server.close())
  await expect(asked).rejects.toThrow('the connection was closed')
})

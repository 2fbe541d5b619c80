import { buildClient, type ClientProgram } from './lab/client.ts'
import { startServer } from './lab/server.ts'

describe('a list without end', () => {
  let client: ClientProgram
  beforeAll(async () => {
    client = await buildClient()
  })
  afterAll(() => client.remove())

  test('of 200 MB is an error that says so, in less than 300 MB', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x')
    const server = await startServer(async (_request, response) => {
      response.write('{"tags":["1"],"padding":"')
      for (let sent = 0; sent < 200 && !response.destroyed; sent++) {
        if (!response.write(chunk))
          await new Promise(resolve => response.once('drain', resolve).once('close', resolve))
      }
      response.end('"}')
    })
    const { answer, mebibytes } = await client.list(server.host)
    await server.stop()
    expect(answer).toBe(
      `GET ${server.host}/lab/app/tags/list: the answer is too large: more than 65536 KiB; no registry needs as much; the list was not used`,
    )
    expect(mebibytes).toBeLessThan(300)
  }, 30_000)

  test('of 50 MB, as a registry of Google may send, is read', async () => {
    const manifest = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [
        `sha256:${String(index).padStart(64, '0')}`,
        { tag: [`v${index}`], padding: 'x'.repeat(400) },
      ]),
    )
    const body = Buffer.from(
      JSON.stringify({
        manifest,
        tags: Array.from({ length: 100_000 }, (_, index) => `v${index}`),
      }),
    )
    expect(body.length).toBeGreaterThan(49 << 20)
    const server = await startServer((_request, response) => void response.end(body))
    const { answer, mebibytes } = await client.list(server.host)
    await server.stop()
    expect(answer).toBe('100000')
    expect(mebibytes).toBeLessThan(400)
  }, 30_000)
})

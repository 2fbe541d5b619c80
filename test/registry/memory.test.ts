import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { startServer } from './lab/server.ts'

/** Lists in a process of its own, and says what came of it and how much memory it took. */
const script = `
  const { ociTagSource } = await import('./client.mjs')
  const answer = await ociTagSource({ env: {} }).listTags(process.argv[2]).then(tags => String(tags.length), error => error.message)
  console.log(JSON.stringify({ answer, mebibytes: process.resourceUsage().maxRSS / 1024 }))
`

describe('a list without end', () => {
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'image-policy-memory-'))
    await build({
      entryPoints: [new URL('../../src/registry/oci-tag-source.ts', import.meta.url).pathname],
      outfile: join(folder, 'client.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'error',
    })
    writeFileSync(join(folder, 'list.mjs'), script)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const list = async (host: string) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(folder, 'list.mjs'),
      `${host}/lab/app`,
    ])
    return JSON.parse(stdout) as { answer: string; mebibytes: number }
  }

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
    const { answer, mebibytes } = await list(server.host)
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
    const { answer, mebibytes } = await list(server.host)
    await server.stop()
    expect(answer).toBe('100000')
    expect(mebibytes).toBeLessThan(400)
  }, 30_000)
})

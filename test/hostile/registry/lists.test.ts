import type { Limits } from '../../../src/registry/limits.ts'
import { ociTagSource } from '../../../src/registry/oci-tag-source.ts'
import { buildClient, type ClientProgram } from '../../registry/lab/client.ts'
import { type Answer, type LabServer, startServer } from '../../registry/lab/server.ts'

let server: LabServer
afterEach(() => server.stop())
const listing = async (answer: Answer, limits: Partial<Limits> = {}) => {
  server = await startServer(answer)
  return ociTagSource({ env: {}, limits: { firstPause: 1, ...limits } })
}
const list = async (answer: Answer, limits: Partial<Limits> = {}) =>
  (await listing(answer, limits)).listTags(`${server.host}/lab/app`)

const MiB = 1 << 20

describe('a program with a heap of 64 MiB reads a page of', () => {
  let client: ClientProgram
  beforeAll(async () => {
    client = await buildClient()
  })
  afterAll(() => client.remove())
  const listed = (host: string) => client.list(host, ['--max-old-space-size=64'])

  test.each([
    ['objects', '{},'],
    ['lists', '[],'],
    ['numbers', '1.5,'],
    ['strings', '"no tag",'],
    ['nested lists', '[[[]]],'],
    ['one tag again and again', '"v1",'],
  ])(
    '32 MiB of %s',
    async (_name, element) => {
      const many = element.repeat((16 * MiB) / element.length)
      const body = Buffer.from(`{"tags":["v0"],"x":[${many}1],"tags":["v1",${many}"v2"]}`)
      server = await startServer((_request, response) => void response.end(body))
      expect(await listed(server.host)).toMatchObject({ answer: '2' })
    },
    30_000,
  )

  test('60 strings of 1 MiB, each on a page of its own', async () => {
    let page = 0
    server = await startServer((_request, response) => {
      page++
      const body = JSON.stringify({ tags: [`v${page}`, String(page).padStart(MiB, 'x')] })
      response.writeHead(200, page < 60 ? { link: `<?last=${page}>; rel="next"` } : {}).end(body)
    })
    expect(await listed(server.host)).toMatchObject({ answer: '60' })
  }, 30_000)
})

describe('a registry that sends too much is an error', () => {
  const endless: Answer = (request, response) => {
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('last') ?? 0) + 1
    response
      .writeHead(200, { link: `<?last=${page}>; rel="next"` })
      .end(JSON.stringify({ tags: [`v${page}`, 'no tag'.padStart(MiB)] }))
  }

  test('for all pages of a listing', async () => {
    await expect(list(endless, { listingBytes: 5 * MiB })).rejects.toMatchObject({
      code: 'REGISTRY_FAILED',
      message: expect.stringContaining('more than 5 MiB in all pages; the 5 tags so far'),
    })
  })

  test('for all listings of a run', async () => {
    const source = await listing(
      (_request, response) => void response.end(JSON.stringify({ tags: ['x'.repeat(MiB)] })),
      { runBytes: 3 * MiB },
    )
    expect(await source.listTags(`${server.host}/lab/a`)).toEqual([])
    expect(await source.listTags(`${server.host}/lab/b`)).toEqual([])
    await expect(source.listTags(`${server.host}/lab/c`)).rejects.toThrow(
      'more than 3 MiB in the lists of all repositories',
    )
  })

  test('for the tags of a run', async () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => `v${index}`)
    const source = await listing(
      (_request, response) => void response.end(JSON.stringify({ tags })),
      { tagBytes: MiB },
    )
    expect(await source.listTags(`${server.host}/lab/a`)).toHaveLength(10_000)
    await expect(source.listTags(`${server.host}/lab/b`)).rejects.toThrow(
      'the tags of all repositories together take more than 1 MiB',
    )
  })

  test('but not for one tag that is repeated', async () => {
    const body = JSON.stringify({ tags: Array.from({ length: 999 }, () => 'v1') })
    const answer: Answer = (_request, response) => void response.end(body)
    expect(await list(answer, { tags: 1, tagBytes: 100 })).toEqual(['v1'])
  })

  test('for the tags of one page', async () => {
    const tags = Array.from({ length: 101 }, (_, index) => `v${index}`)
    await expect(
      list((_request, response) => void response.end(JSON.stringify({ tags })), { tags: 100 }),
    ).rejects.toThrow('more than 100 tags')
  })
})

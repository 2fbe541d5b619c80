import type { LookupProgress } from '../../src/registry/lookup-progress.ts'
import { ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { type LabServer, startServer } from './lab/server.ts'

let server: LabServer
afterEach(() => server.stop())

test('a 429 pauses the whole host, and half as much is asked at once from then on', async () => {
  const times: number[] = []
  let inFlight = 0
  let most = 0
  let refused = false
  server = await startServer(async (_request, response) => {
    times.push(Date.now())
    if (!refused) {
      refused = true
      return void response.writeHead(429, { 'retry-after': '1' }).end('{}')
    }
    inFlight++
    most = Math.max(most, inFlight)
    await new Promise(resolve => setTimeout(resolve, 30))
    inFlight--
    response.end('{"tags":["1"]}')
  })
  const source = ociTagSource({ env: {}, limits: { perHost: 8, firstPause: 1 } })
  await source.listTags(`${server.host}/lab/first`)
  const [first = 0, second = 0] = times
  expect(second - first).toBeGreaterThanOrEqual(1_000)

  await Promise.all(
    Array.from({ length: 20 }, (_, index) => source.listTags(`${server.host}/lab/app${index}`)),
  )
  expect(most).toBe(4)
})

test('at most 16 requests are in flight at one host, and all repositories are asked', async () => {
  let inFlight = 0
  let most = 0
  server = await startServer(async (_request, response) => {
    most = Math.max(most, ++inFlight)
    await new Promise(resolve => setTimeout(resolve, 20))
    inFlight--
    response.end('{"tags":["1"]}')
  })
  const source = ociTagSource({ env: {} })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => source.listTags(`${server.host}/lab/app${index}`)),
  )
  expect(answers).toHaveLength(100)
  expect(most).toBe(16)
})

test.each([400, 401, 403, 404, 410, 418, 505])('%d is not asked again', async status => {
  let asked = 0
  server = await startServer((_request, response) => {
    asked++
    response.writeHead(status).end('{"errors":[{"code":"NO","message":"no"}]}')
  })
  await expect(
    ociTagSource({ env: {}, limits: { firstPause: 1 } }).listTags(`${server.host}/lab/app`),
  ).rejects.toThrow(`: ${status} NO no; `)
  expect(asked).toBe(status === 400 ? 3 : 1) // the three page sizes
})

test.each([408, 429, 499, 500, 502, 503, 504, 522])(
  '%d is asked again, four times in all',
  async status => {
    let asked = 0
    server = await startServer((_request, response) => {
      asked++
      response.writeHead(status).end()
    })
    await expect(
      ociTagSource({ env: {}, limits: { firstPause: 1 } }).listTags(`${server.host}/lab/app`),
    ).rejects.toThrow(new RegExp(`: ${status}\\b.*; try again later$`))
    expect(asked).toBe(4)
  },
)

test('a wait that outlasts the look-up is not begun', async () => {
  server = await startServer(
    (_request, response) => void response.writeHead(503, { 'retry-after': '20' }).end(),
  )
  const started = Date.now()
  await expect(
    ociTagSource({ env: {} }).listTags(`${server.host}/lab/app`, { timeout: 5_000 }),
  ).rejects.toThrow('503 Service Unavailable; try again in 20 s, after ')
  expect(Date.now() - started).toBeLessThan(2_000)
})

test('`spec.timeout` is a second at least', async () => {
  server = await startServer(async (_request, response) => {
    await new Promise(resolve => setTimeout(resolve, 300))
    response.end('{"tags":["1"]}')
  })
  expect(
    await ociTagSource({ env: {} }).listTags(`${server.host}/lab/app`, { timeout: 1 }),
  ).toEqual(['1'])
})

describe('progress', () => {
  const watch = async (delay: number) => {
    const seen: LookupProgress[] = []
    server = await startServer(async (request, response) => {
      await new Promise(resolve => setTimeout(resolve, delay))
      const page = new URL(request.url ?? '', 'http://x').searchParams.get('last')
      response
        .writeHead(200, page === null ? { link: '<?last=1>; rel="next"' } : {})
        .end(`{"tags":["${page ?? 0}"]}`)
    })
    const source = ociTagSource({ env: {}, onProgress: progress => seen.push(progress) })
    await source.listTags(`${server.host}/lab/app`)
    return seen
  }

  test('is reported each second', async () => {
    expect(await watch(700)).toEqual([{ repositories: 1, finished: 0, pages: 1, waiting: [] }])
  })

  test('is not reported for shorter look-ups', async () => {
    expect(await watch(10)).toEqual([])
  })

  test('names the host that wants us to wait', async () => {
    const seen: LookupProgress[] = []
    let asked = 0
    server = await startServer(
      (_request, response) =>
        void (asked++ === 0
          ? response.writeHead(429, { 'retry-after': '2' }).end()
          : response.end('{}')),
    )
    await ociTagSource({ env: {}, onProgress: progress => seen.push(progress) }).listTags(
      `${server.host}/lab/app`,
    )
    expect(seen[0]).toMatchObject({
      finished: 0,
      waiting: [{ host: server.host, milliseconds: expect.any(Number) }],
    })
  })
})

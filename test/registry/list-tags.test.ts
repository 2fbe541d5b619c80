import { type OciTagSourceOptions, ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { needs } from '../fixtures/needs.ts'
import { type QuirkProxy, type Quirks, startQuirkProxy } from './lab/quirk-proxy.ts'
import { startRegistry, type TestRegistry } from './lab/registry.ts'

needs('docker-registry')('the tags of a registry', () => {
  const tags = Array.from({ length: 25 }, (_, index) => `v1.${index}`)
  let registry: TestRegistry
  let proxy: QuirkProxy | undefined

  beforeAll(async () => {
    registry = await startRegistry()
    await registry.push('lab/virtual/app', tags)
  }, 30_000)
  afterEach(() => proxy?.stop())
  afterAll(() => registry.stop())

  const list = async (quirks: Quirks, options: Partial<OciTagSourceOptions> = {}) => {
    proxy = await startQuirkProxy(registry.host, quirks)
    const source = ociTagSource({
      env: {},
      ...options,
      limits: { firstPause: 5, ...options.limits },
    })
    return source.listTags(`${proxy.host}/lab/virtual/app`)
  }

  describe('are all there', () => {
    test.each<[string, Quirks, number]>([
      // name, quirks, requests
      ['in one page', {}, 1],
      ['in pages', { page: 10 }, 3],
      ['in pages of one', { page: 1 }, 25],
      ['where the last page is full', { page: 5 }, 5],
      ['with an absolute Link', { page: 10, link: 'absolute' }, 3],
      ['with a Link that is only a query', { page: 10, link: 'query' }, 3],
      ['with an unquoted rel', { page: 10, link: 'unquoted' }, 3],
      ['with a Link that loses the port', { page: 10, link: 'port lost' }, 3],
      ['with a Link that adds a prefix', { page: 10, link: 'prefix added' }, 3],
      ['with a Link that loses a prefix', { page: 10, link: 'prefix lost' }, 3],
      ['with opaque cursors', { page: 10, opaqueCursor: true }, 3],
      ['newest first', { page: 10, order: 'newest first' }, 3],
      ['oldest first', { page: 10, order: 'oldest first' }, 3],
      ['where 1000 is too much (ECR)', { page: 10, largestSize: 999 }, 4],
      ['where 100 is too much', { page: 10, largestSize: 50 }, 5],
      [
        'where no number is taken',
        { refuseSize: { status: 400, code: 'PAGINATION_NUMBER_INVALID' } },
        3,
      ],
      [
        'where 1000 is too much (Quay)',
        { page: 10, refuseSize: { status: 413, code: 'TOO_MANY_TAGS_REQUESTED', above: 100 } },
        4,
      ],
      ['with the map of a Google registry', { manifestMap: true }, 1],
      ['after a refusal for the moment', { refuseFirst: { requests: 1, status: 503 } }, 2],
      [
        'after two refusals with Retry-After',
        { refuseFirst: { requests: 2, status: 429, retryAfter: '0' } },
        3,
      ],
      ['after connections that were closed', { hangUpFirst: 2 }, 3],
    ])('%s', async (_name, quirks, requests) => {
      expect([...(await list(quirks))].sort()).toEqual([...tags].sort())
      expect(proxy?.requests.filter(({ method }) => method === 'GET')).toHaveLength(requests)
      expect(proxy?.requests.some(({ url }) => url === '/v2/')).toBe(false)
    })

    test('in the order of the registry', async () => {
      expect(await list({ page: 10, order: 'newest first' })).toEqual([...tags].sort().reverse())
    })
  })

  describe('are none', () => {
    test.each<[string, Quirks]>([
      ['where they are null', { tags: 'null' }],
      ['where they are absent', { tags: 'absent' }],
    ])('%s', async (_name, quirks) => {
      expect(await list(quirks)).toEqual([])
    })

    test('after the last tag was deleted', async () => {
      const [digest = ''] = (await registry.push('lab/empty', ['only'])).values()
      await registry.delete('lab/empty', digest)
      expect(await ociTagSource({ env: {} }).listTags(`${registry.host}/lab/empty`)).toEqual([])
    })
  })

  test('do not include strings that are not tags', async () => {
    const invalidTags = [
      '',
      '.x',
      '-x',
      'a b',
      'a/b',
      'a:b',
      '../x',
      'x\n',
      'ä',
      '"',
      `x${'y'.repeat(128)}`,
      '\u001b[31m',
    ]
    expect([...(await list({ invalidTags, page: 10 }))].sort()).toEqual([...tags].sort())
  })

  test('are requested again if a full page has no Link, and merged', async () => {
    const warnings: string[] = []
    const many = Array.from({ length: 1001 }, (_, index) => `t${index}`)
    await registry.push('lab/many', many)
    proxy = await startQuirkProxy(registry.host, { cutSilently: true })
    const source = ociTagSource({ env: {}, onWarning: warning => warnings.push(warning) })
    expect(await source.listTags(`${proxy.host}/lab/many`)).toHaveLength(1001)
    expect(warnings).toEqual([
      `GET ${proxy.host}/lab/many/tags/list: the registry cuts its list at 1000 tags without a \`Link\` to the rest; all 1001 are used`,
    ])
  }, 30_000)

  describe('are an error, never fewer,', () => {
    test.each<[string, Quirks, RegExp, Partial<OciTagSourceOptions>?]>([
      [
        'for a Link to another host',
        { page: 10, link: 'evil' },
        /the `Link` of page 1 leaves the registry: http:\/\/127\.0\.0\.2:\d+\/v2\/lab\/virtual\/app\/tags\/list; the 10 tags so far are not used/,
      ],
      [
        'for a Link that goes in circles',
        { page: 10, link: 'loop' },
        /the `Link` of page 1 leads back to an earlier page/,
      ],
      [
        'for pages without news',
        { page: 10, link: 'no progress' },
        /page 2 has no new tag but leads to another page/,
      ],
      [
        'for a Link that can not be read',
        { page: 10, link: 'malformed' },
        /the `Link` of page 1 can't be parsed/,
      ],
      ['for too many pages', { page: 10 }, /more than 2 pages/, { limits: { pages: 2 } }],
      ['for too many tags', { page: 10 }, /more than 19 tags/, { limits: { tags: 19 } }],
      [
        'for a login page',
        { loginPage: true },
        /200 with a web page instead of a tag list; a login page or a captive portal/,
      ],
      [
        'for a body that is cut off',
        { truncate: 'body' },
        /200 with a body that is not a JSON object/,
      ],
      [
        'for a transfer that is cut off',
        { truncate: 'connection' },
        /the connection was closed \(\w+\); try again/,
      ],
      [
        'for a redirect elsewhere',
        { redirectLists: 'http://127.0.0.2:1' },
        /307 redirects to http:\/\/127\.0\.0\.2:1: only the registry itself may answer this; a login page or a captive portal/,
      ],
      [
        'for a refusal that lasts',
        { refuseFirst: { requests: 9, status: 503 } },
        /503 UNAVAILABLE slow down; try again later/,
      ],
      [
        'for a refusal to come back later',
        { refuseFirst: { requests: 1, status: 429, retryAfter: '3600' } },
        /429 TOOMANYREQUESTS slow down; try again in 3600 s, after 2\d{3}-/,
      ],
      [
        'for a limit of Docker Hub',
        {
          refuseFirst: {
            requests: 9,
            status: 429,
            headers: { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' },
          },
        },
        /429 TOOMANYREQUESTS slow down; ratelimit-limit: 100;w=21600, ratelimit-remaining: 0;w=21600; log in for a higher limit; try again later/,
      ],
      [
        'for a slow answer',
        { delay: 300 },
        /no complete answer within 0\.1 s; try again, or raise `spec.timeout`/,
        { limits: { lookup: 100, shortestLookup: 1 } },
      ],
      [
        'for a slow run',
        { delay: 300 },
        /all look-ups together took longer than 0\.1 s/,
        { limits: { run: 100 } },
      ],
    ])('%s', async (_name, quirks, message, options = {}) => {
      const failure = await list(quirks, options).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(failure).toMatchObject({
        code: 'REGISTRY_FAILED',
        message: expect.stringMatching(/^GET 127\.0\.0\.1:\d+\/lab\/virtual\/app\/tags\/list: /),
      })
      expect(failure).toMatchObject({ message: expect.stringMatching(message) })
    })

    test('for 200 MB of padding, in little memory', async () => {
      const before = process.memoryUsage().rss
      await expect(list({ padding: 200 })).rejects.toThrow(
        'the answer is too large: more than 65536 KiB',
      )
      // with the proxy's own copies, in this process
      expect(process.memoryUsage().rss - before).toBeLessThan(900 * 1024 * 1024)
    }, 30_000)

    test('for a repository that is not there', async () => {
      const source = ociTagSource({ env: {} })
      await expect(source.listTags(`${registry.host}/lab/none`)).rejects.toThrow(
        `GET ${registry.host}/lab/none/tags/list: 404 NAME_UNKNOWN repository name not known to registry {"name":"lab/none"}; ` +
          'the repository or tag does not exist, or this access does not show it: asked anonymously',
      )
    })
  })

  test('are asked for once, however often', async () => {
    proxy = await startQuirkProxy(registry.host, { delay: 20 })
    const source = ociTagSource({ env: {} })
    const repository = `${proxy.host}/lab/virtual/app`
    await Promise.all(Array.from({ length: 50 }, () => source.listTags(repository)))
    await source.listTags(repository)
    expect(proxy.requests).toHaveLength(1)
  })

  test('name the policy that asks in their errors', async () => {
    const place = {
      resource: {
        apiVersion: 'image.toolkit.fluxcd.io/v1',
        kind: 'ImageRepository',
        namespace: 'apps',
        name: 'web',
      },
    }
    await expect(
      ociTagSource({ env: {} }).listTags(`${registry.host}/lab/none`, { place }),
    ).rejects.toMatchObject({ place })
  })
})

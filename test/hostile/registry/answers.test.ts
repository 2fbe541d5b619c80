import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { FunctionError } from '../../../src/errors.ts'
import { isDigest, isTag } from '../../../src/image/reference.ts'
import { ociTagSource } from '../../../src/registry/oci-tag-source.ts'
import { identityToken, login } from '../../registry/lab/credentials.ts'

interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/**
 * Answers each request with the next of the answers, again from the beginning after the last. Any
 * bytes are possible.
 */
let answers: readonly Answer[] = []
let requests = 0
let server: Server
let host: string

function answer(socket: Socket): void {
  socket.on('error', () => {})
  socket.once('data', () => {
    const { status, headers, body } = answers[requests++ % answers.length] as Answer
    const lines = headers.map(([name, value]) => `${name}: ${value.replaceAll('HOST', host)}\r\n`)
    const length = headers.some(([name]) => name === 'content-length')
      ? ''
      : `content-length: ${body.length}\r\n`
    const head = `HTTP/1.1 ${status} X\r\nconnection: close\r\n${length}${lines.join('')}\r\n`
    socket.end(Buffer.concat([Buffer.from(head, 'latin1'), body]))
  })
}

beforeAll(async () => {
  server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise(resolve => server.close(resolve)))

/** Both questions, each with its answer or its error. */
async function ask(): Promise<readonly [tags: unknown, digest: unknown]> {
  const source = ociTagSource({
    env: {},
    findCredentials: async () => [identityToken('an-identity-token'), login('u', 'the-password')],
    limits: {
      firstPause: 1,
      longestPause: 2,
      tries: 2,
      pages: 4,
      lookup: 2_000,
      shortestLookup: 1,
    },
  })
  const settled = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)
  return [
    await settled(source.listTags(`${host}/lab/app`, { timeout: 2_000 })),
    await settled(source.digestOf(`${host}/lab/app`, 'v1', { timeout: 2_000 })),
  ]
}

function expectAnswers([tags, digest]: readonly [unknown, unknown]): void {
  if (!(tags instanceof FunctionError)) {
    expect(tags).toBeInstanceOf(Array)
    for (const tag of tags as string[]) expect(isTag(tag)).toBe(true)
  }
  if (!(digest instanceof FunctionError)) expect(isDigest(digest as string)).toBe(true)
  for (const outcome of [tags, digest])
    if (outcome instanceof FunctionError) {
      expect(outcome.code).toMatch(/^REGISTRY_/)
      expect(outcome.message.length).toBeLessThan(3_000)
    }
}

const deep = (open: string, close: string, depth: number) =>
  open.repeat(depth) + close.repeat(depth)
const json = (text: string) => Buffer.from(text)

describe('an error, not a crash, for', () => {
  test.each<[string, Answer]>([
    ...['[', '{"a":'].map((open): [string, Answer] => [
      `errors nested 5,000 deep by ${open}`,
      {
        status: 404,
        headers: [],
        body: json(
          `{"errors":[{"code":"X","message":"x","detail":${deep(open, open === '[' ? ']' : '}', 5_000).replace('}', '1}')}}]}`,
        ),
      },
    ]),
    [
      'a message nested 5,000 deep',
      { status: 500, headers: [], body: json(`{"message":${deep('[', ']', 5_000)}}`) },
    ],
    [
      'a time at the end of the calendar',
      {
        status: 503,
        headers: [['retry-after', 'Sat, 13 Sep 275760 00:00:00 GMT']],
        body: json(''),
      },
    ],
    ['the most seconds', { status: 429, headers: [['retry-after', '999999999']], body: json('') }],
    [
      'tags nested 5,000 deep',
      { status: 200, headers: [], body: json(`{"tags":${deep('[', ']', 5_000)}}`) },
    ],
    [
      'a token that lives for ever',
      {
        status: 401,
        headers: [['www-authenticate', 'Bearer realm="/token"']],
        body: json('{"token":"x","expires_in":1e308}'),
      },
    ],
  ])('%s', async (_name, one) => {
    answers = [one]
    const outcome = await ask()
    expectAnswers(outcome)
    expect(outcome).toEqual([expect.any(FunctionError), expect.any(FunctionError)])
  })
})

const text = fc.string({
  unit: fc.constantFrom(...'ab<>;,="\\ \t/:?&%#@[]{}*\u00e4\u00ff0123456789'),
  maxLength: 40,
})
const values: Record<string, readonly string[]> = {
  link: [
    '<?last=v1>; rel="next"',
    '</v2/lab/app/tags/list?last=a>; rel=next',
    '<http://[>;rel=next',
    `a;<=${'\t;<='.repeat(40)};"`,
  ],
  'retry-after': [
    '0',
    '1',
    '999999999',
    'Sat, 13 Sep 275760 00:00:00 GMT',
    'Mon, 1 Jan 0000',
    '-1',
    '1e9',
  ],
  'www-authenticate': [
    'Basic realm="x"',
    'Bearer realm="/token",scope="repository:lab/app:pull,push"',
    'Bearer realm="http://HOST/token",service="s"',
    'Bearer realm="http://[",error="insufficient_scope"',
    'Bearer realm="data:text/plain,x"',
    'Bearer realm="http://10.0.0.5:8080/"',
    'Negotiate, Bearer realm="http://u:p@HOST/"',
  ],
  location: [
    '/v2/',
    'http://HOST/v2/x',
    'http://169.254.169.254/',
    'http://[::1',
    'ftp://x/',
    '//',
    '?',
    'http://\u00e4/',
  ],
  'content-type': [
    'application/json',
    'text/html',
    'application/vnd.docker.distribution.manifest.v1+json',
    ';',
    '\u00ff',
  ],
  'content-encoding': ['gzip', 'br', 'x'],
  'content-length': ['0', '1', '5', '999999999999', '-1', '1e3', '18446744073709551616'],
  'transfer-encoding': ['chunked', 'gzip', 'chunked, chunked'],
  'docker-content-digest': [`sha256:${'a'.repeat(64)}`, `sha512:${'b'.repeat(128)}`, 'sha256:x'],
}
const header = fc
  .constantFrom(...Object.keys(values))
  .chain(name =>
    fc.tuple(fc.constant(name), fc.oneof(fc.constantFrom(...(values[name] ?? [])), text)),
  )
const body = fc.oneof(
  fc
    .constantFrom(
      '{"tags":["v1","v2"]}',
      '{"tags":["v3"],"tags":[{}]}',
      '{"tags":null}',
      '{"tags":{"__proto__":["v1"]}}',
      '{"__proto__":{"tags":["v1"]},"errors":[{"__proto__":null,"code":1e999}]}',
      '{"errors":[null,1,"x",[],{"code":"TOO_MANY_TAGS","message":{"a":1},"detail":[1e400]}]}',
      `{"errors":[{"detail":${deep('[', ']', 5_000)}}]}`,
      `{"tags":[${'9'.repeat(5_000)},-1e-999999]}`,
      '{"token":"the-token","expires_in":-1e308}',
      '{"access_token":"a b"}',
      '{"token":{"toString":1}}',
      '{"schemaVersion":2}',
      '{"schemaVersion":1}',
      '{"schemaVersion":2e0,"schemaVersion":"2"}',
      '<!doctype html><title>',
      '\ufeff{}',
      '',
    )
    .map(json),
  fc.jsonValue().map(value => json(JSON.stringify(value))),
  fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)),
  fc
    .uint8Array({ maxLength: 10 })
    .map(bytes => Buffer.concat([json('{"tags":["'), bytes, json('"]}')])),
)
const damaged = fc
  .tuple(
    body,
    fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
  )
  .map(([whole, part]) => whole.subarray(0, Math.ceil(whole.length * part)))
const anAnswer: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom(
    200,
    200,
    200,
    401,
    401,
    403,
    404,
    405,
    400,
    413,
    429,
    500,
    503,
    204,
    206,
    301,
    307,
    308,
    101,
    103,
    999,
  ),
  headers: fc.array(header, { maxLength: 4 }),
  body: damaged,
})

test('any answers give tags or an error of the registry, after a bounded number of requests', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anAnswer, { minLength: 1, maxLength: 6 }), async list => {
      answers = list
      requests = 0
      expectAnswers(await ask())
      expect(requests).toBeLessThan(400)
    }),
    { numRuns: 400 },
  )
}, 120_000)

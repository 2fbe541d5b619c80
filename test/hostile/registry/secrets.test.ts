import type { Credential } from '../../../src/registry/credential.ts'
import { ociTagSource } from '../../../src/registry/oci-tag-source.ts'
import { secretsSeen } from '../../../src/registry/secrets-seen.ts'
import { login } from '../../registry/lab/credentials.ts'
import { type Answer, type LabServer, startServer } from '../../registry/lab/server.ts'

const password = 'pass-WORD-4f1c0b77'
const asked = (credential: Credential) =>
  ociTagSource({ env: {}, findCredentials: async () => [credential], limits: { firstPause: 1 } })

let server: LabServer
const start = async (answer: Answer) => {
  server = await startServer((request, response) => {
    if (request.headers.authorization) return answer(request, response)
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
  })
  return `${server.host}/lab/app`
}
afterEach(() => server?.stop())

describe('a tag that contains a secret in use is refused, without its value', () => {
  test.each([
    ['the password', password],
    ['the password in lower case', password.toLowerCase()],
    ['the password inside', `v1.${password}.x`],
    ['the password in base64', Buffer.from(`x${password}`).toString('base64url')],
    ['user and password in base64', Buffer.from(`u:${password}`).toString('base64url')],
  ])('%s', async (_name, tag) => {
    const repository = await start(
      (_request, response) => void response.end(JSON.stringify({ tags: ['1', tag] })),
    )
    const error = await asked(login('u', password))
      .listTags(repository)
      .catch(failure => failure)
    expect(error).toMatchObject({
      code: 'REGISTRY_FAILED',
      message: expect.stringContaining('a tag contains a secret that was sent'),
    })
    expect(error.message.toLowerCase()).not.toContain(tag.toLowerCase())
  })

  test('but not one with a short secret, which can be there by chance', async () => {
    const repository = await start(
      (_request, response) => void response.end('{"tags":["v1234567"]}'),
    )
    expect(await asked(login('u', '1234567')).listTags(repository)).toEqual(['v1234567'])
  })
})

test('a digest that contains a secret in use is refused', async () => {
  const secret = 'deadbeef'.repeat(8)
  const repository = await start(
    (_request, response) =>
      void response.writeHead(200, { 'docker-content-digest': `sha256:${secret}` }).end(),
  )
  const error = await asked(login('u', secret))
    .digestOf(repository, 'x')
    .catch(failure => failure)
  expect(error).toMatchObject({ code: 'REGISTRY_FAILED' })
  expect(error.message).not.toContain(secret)
})

describe('every secret can be hidden', () => {
  test.each([
    ['a long one', 'p(a[s*'.repeat(7_000)],
    ['one with a lone surrogate', 'pass\ud800word'],
    ['one whose lower case is longer', 'İİİİpassWORD'],
    ['one like the replacement', 'redacted'],
    ['one of repetitions', 'a'.repeat(20_000)],
  ])('%s', (_name, secret) => {
    const secrets = secretsSeen()
    secrets.add(secret)
    const hidden = secrets.hideIn(`İ before ${secret} after ${secret}`)
    expect(hidden).toBe(`İ before [redacted] after [redacted]`)
  })

  test('a long one that a registry sends back', async () => {
    const secret = 'p(a[s*'.repeat(4_000).slice(0, 9_000)
    const repository = await start((_request, response) => void response.writeHead(500).end(secret))
    const error = await asked(login('u', secret))
      .listTags(repository)
      .catch(failure => failure)
    expect(error).toMatchObject({ code: 'REGISTRY_FAILED' })
    expect(error.message).not.toContain('p(a[s*')
  })
})

test('an internal error can be shown without secrets', async () => {
  const repository = await start((_request, response) => void response.end('{"tags":["1"]}'))
  const source = asked(login('u', password))
  await source.listTags(repository)
  const stack = `TypeError: ${password}\n    at x (${encodeURIComponent(password)})`
  expect(source.hideSecrets(stack)).toBe('TypeError: [redacted]\n    at x ([redacted])')
})

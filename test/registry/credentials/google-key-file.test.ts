import { createVerify, generateKeyPairSync } from 'node:crypto'
import { accessTokenOfKeyFile } from '../../../src/registry/credentials/google-key-file.ts'
import { environmentOf, serve } from './loopback.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const account = {
  type: 'service_account',
  client_email: 'pull@acme.iam.gserviceaccount.com',
  private_key_id: 'key-1',
  private_key: pem,
}

const read = async (file: object, environment = environmentOf({})) =>
  (await accessTokenOfKeyFile(JSON.stringify(file), '/key.json', environment)).reveal()

test('a service account signs for itself', async () => {
  await using oauth = await serve(({ form }) => {
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const genuine = createVerify('RSA-SHA256')
      .update(`${header}.${claims}`)
      .verify(publicKey, signature, 'base64url')
    return genuine
      ? { body: { access_token: 'at', expires_in: 3599 } }
      : { status: 400, body: { error: 'invalid_grant' } }
  })
  expect(await read({ ...account, token_uri: oauth.url })).toBe('at')

  const form = oauth.seen[0]?.form
  expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  const [header, claims] = (form?.get('assertion') ?? '')
    .split('.')
    .map(part => Buffer.from(part, 'base64url').toString())
  expect(JSON.parse(header ?? '')).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' })
  const { iat, exp, ...rest } = JSON.parse(claims ?? '')
  expect(rest).toEqual({
    iss: account.client_email,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: oauth.url,
  })
  expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(60)
  expect(exp - iat).toBe(3600)
})

test('a login of gcloud is refreshed', async () => {
  await using oauth = await serve(() => ({ body: { access_token: 'at' } }))
  const file = { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' }
  expect(
    await read(
      file,
      environmentOf({}, { reroute: { 'https://oauth2.googleapis.com': oauth.url } }),
    ),
  ).toBe('at')
  expect(oauth.seen[0]?.path).toBe('/token')
  expect(Object.fromEntries(oauth.seen[0]?.form ?? [])).toEqual({
    grant_type: 'refresh_token',
    client_id: 'c',
    client_secret: 's',
    refresh_token: 'r',
  })
})

test.each([
  [
    'another type',
    { type: 'impersonated_service_account' },
    '/key.json: `type` must be one of service_account, authorized_user, external_account',
  ],
  ['no type', { private_key: 'secret' }, '/key.json: `type` must be a non-empty string'],
  [
    'no e-mail',
    { type: 'service_account', private_key: 'secret' },
    '/key.json: `client_email` must be a non-empty string',
  ],
  [
    'no key',
    { type: 'service_account', client_email: 'x' },
    '/key.json: `private_key` must be a non-empty string',
  ],
  [
    'a broken key',
    { ...account, private_key: 'secret' },
    '/key.json: `private_key` must be an RSA key in PEM',
  ],
  [
    'a login without its token',
    { type: 'authorized_user', client_id: 'c', client_secret: 's' },
    '/key.json: `refresh_token` must be a non-empty string',
  ],
])('refuses a file with %s', async (_name, file, message) => {
  await expect(read(file)).rejects.toThrow(
    expect.objectContaining({ code: 'REGISTRY_DENIED', message }),
  )
})

test('a revoked key is an error', async () => {
  await using oauth = await serve(() => ({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'secret' },
  }))
  await expect(read({ ...account, token_uri: oauth.url })).rejects.toThrow(
    `POST ${oauth.url}/: 400 invalid_grant; check the identity that the provider uses`,
  )
})

import { accessTokenOfKeyFile } from '../../../src/registry/credentials/google-key-file.ts'
import { environmentOf, serve } from './loopback.ts'

const google = () =>
  serve(({ path, form, headers }) => {
    if (path === '/v1/token')
      return form.get('subject_token') === 'oidc'
        ? { body: { access_token: 'federated' } }
        : { status: 400, body: { error: 'invalid_grant' } }
    if (path === '/oidc')
      return headers.authorization === 'bearer ci'
        ? { body: { value: 'oidc' } }
        : { status: 401, body: '' }
    if (path.endsWith(':generateAccessToken') && headers.authorization === 'Bearer federated')
      return { body: { accessToken: 'impersonated' } }
    return undefined
  })

const workload = (credentialSource: unknown, more: object = {}) => ({
  type: 'external_account',
  audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  credential_source: credentialSource,
  ...more,
})

async function read(file: object, sts: { url: string }) {
  const files = { '/oidc': 'oidc\n', '/oidc.json': '{"token":"oidc"}' }
  const environment = environmentOf(
    {},
    {
      files,
      reroute: {
        'https://sts.googleapis.com': sts.url,
        'https://iamcredentials.googleapis.com': sts.url,
      },
    },
  )
  return (await accessTokenOfKeyFile(JSON.stringify(file), '/key.json', environment)).reveal()
}

test.each([
  ['a file', () => ({ file: '/oidc' })],
  [
    'a field of a file',
    () => ({ file: '/oidc.json', format: { type: 'json', subject_token_field_name: 'token' } }),
  ],
  [
    'a service',
    (url: string) => ({
      url: `${url}/oidc`,
      headers: { Authorization: 'bearer ci' },
      format: { type: 'json', subject_token_field_name: 'value' },
    }),
  ],
])('the token in %s is exchanged', async (_name, source) => {
  await using sts = await google()
  expect(await read(workload(source(sts.url)), sts)).toBe('federated')
  expect(Object.fromEntries(sts.seen.at(-1)?.form ?? [])).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: workload({}).audience,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: 'oidc',
  })
})

test('it may impersonate a service account', async () => {
  await using sts = await google()
  const url =
    'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/pull@acme.iam.gserviceaccount.com:generateAccessToken'
  expect(
    await read(workload({ file: '/oidc' }, { service_account_impersonation_url: url }), sts),
  ).toBe('impersonated')
  expect(JSON.parse(sts.seen.at(-1)?.body ?? '')).toEqual({
    scope: ['https://www.googleapis.com/auth/cloud-platform'],
  })
})

test.each([
  ['no source', undefined, '/key.json: `credential_source` must be an object'],
  [
    'a program',
    { executable: { command: '/bin/evil' } },
    '/key.json: `credential_source` must have a `file` or a `url`; other sources are not supported',
  ],
  [
    'AWS',
    { environment_id: 'aws1' },
    '/key.json: `credential_source` must have a `file` or a `url`; other sources are not supported',
  ],
  [
    'a file that is not there',
    { file: '/none' },
    '/key.json: the file named by `credential_source.file` must be readable',
  ],
  [
    'a file without the field',
    { file: '/oidc.json', format: { type: 'json', subject_token_field_name: 'other' } },
    '/key.json: `credential_source` must give a token',
  ],
  [
    'a file that is no JSON',
    { file: '/oidc', format: { type: 'json', subject_token_field_name: 'other' } },
    '/key.json: `credential_source` must give a token',
  ],
])('refuses %s', async (_name, source, message) => {
  await using sts = await google()
  await expect(read(workload(source), sts)).rejects.toThrow(
    expect.objectContaining({ code: 'REGISTRY_DENIED', message }),
  )
})

test('a service that refuses is an error', async () => {
  await using sts = await google()
  await expect(read(workload({ url: `${sts.url}/oidc` }), sts)).rejects.toThrow(
    `GET ${sts.url}/oidc: 401; check the identity that the provider uses`,
  )
})

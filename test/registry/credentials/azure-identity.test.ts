import { findAzureToken } from '../../../src/registry/credentials/azure-identity.ts'
import { environmentOf, serve } from './loopback.ts'

const audience = 'https://management.azure.com'
const application = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'client' }

async function find(environment: ReturnType<typeof environmentOf>) {
  const found = await findAzureToken(audience, environment)
  return found && { ...found, token: found.token.reveal() }
}

test.each([
  [
    { AZURE_FEDERATED_TOKEN_FILE: '/var/token' },
    'AZURE_FEDERATED_TOKEN_FILE',
    {
      client_assertion: 'kubernetes-token',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
  ],
  [
    { AZURE_CLIENT_SECRET: 'cs', AZURE_FEDERATED_TOKEN_FILE: '/var/token' },
    'AZURE_CLIENT_SECRET',
    { client_secret: 'cs' },
  ],
])('an application with %j', async (env, source, proof) => {
  await using entra = await serve(() => ({ body: { access_token: 'at', token_type: 'Bearer' } }))
  const environment = environmentOf(
    { ...application, ...env, AZURE_AUTHORITY_HOST: entra.url },
    { files: { '/var/token': 'kubernetes-token\n' } },
  )
  expect(await find(environment)).toEqual({ source, token: 'at' })
  expect(entra.seen[0]).toMatchObject({ method: 'POST', path: '/tenant/oauth2/v2.0/token' })
  expect(Object.fromEntries(entra.seen[0]?.form ?? [])).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client',
    scope: 'https://management.azure.com/.default',
    ...proof,
  })
})

test('Entra is asked at its own address, and its codes are shown', async () => {
  await using entra = await serve(() => ({
    status: 401,
    body: { error: 'invalid_client', error_description: 'AADSTS7000215: secret' },
  }))
  const environment = environmentOf(
    { ...application, AZURE_CLIENT_SECRET: 'cs' },
    { reroute: { 'https://login.microsoftonline.com': entra.url } },
  )
  await expect(find(environment)).rejects.toThrow(
    `POST ${entra.url}/tenant/oauth2/v2.0/token: 401 invalid_client AADSTS7000215; check the identity that the provider uses`,
  )
})

test('App Service', async () => {
  await using service = await serve(({ headers }) =>
    headers['x-identity-header'] === 'h'
      ? { body: { access_token: 'at' } }
      : { status: 401, body: '' },
  )
  const environment = environmentOf({
    IDENTITY_ENDPOINT: `${service.url}/msi/token`,
    IDENTITY_HEADER: 'h',
    AZURE_CLIENT_ID: 'client',
  })
  expect(await find(environment)).toEqual({ source: 'IDENTITY_ENDPOINT', token: 'at' })
  expect(Object.fromEntries(service.seen[0]?.query ?? [])).toEqual({
    'api-version': '2019-08-01',
    resource: audience,
    client_id: 'client',
  })
})

describe('a machine', () => {
  const metadata = () =>
    serve(({ headers }) =>
      headers.metadata === 'true' ? { body: { access_token: 'at' } } : { status: 400, body: '' },
    )

  test.each([
    ['its fixed address', 'http://169.254.169.254', {}],
    [
      'the address of the environment',
      'http://127.0.0.2:1',
      { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.2:1/' },
    ],
  ])('is asked at %s', async (_name, origin, env) => {
    await using service = await metadata()
    expect(await find(environmentOf(env, { reroute: { [origin]: service.url } }))).toEqual({
      source: 'managed identity',
      token: 'at',
    })
    expect(service.seen[0]?.path).toBe('/metadata/identity/oauth2/token')
    expect(Object.fromEntries(service.seen[0]?.query ?? [])).toEqual({
      'api-version': '2018-02-01',
      resource: audience,
    })
  })

  test('without an identity, or of no cloud', async () => {
    await using other = await serve(() => ({ status: 400, body: { error: 'invalid_request' } }))
    expect(
      await find(environmentOf({}, { reroute: { 'http://169.254.169.254': other.url } })),
    ).toBeUndefined()
    expect(await find(environmentOf({}))).toBeUndefined()
  })
})

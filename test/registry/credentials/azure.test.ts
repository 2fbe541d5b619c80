import { azure } from '../../../src/registry/credentials/azure.ts'
import { environmentOf, serve } from './loopback.ts'
import { shown } from './shown.ts'

const application = {
  AZURE_TENANT_ID: 'tenant',
  AZURE_CLIENT_ID: 'client',
  AZURE_CLIENT_SECRET: 'secret',
}

test.each([
  ['acme.azurecr.io', 'https://management.azure.com/.default'],
  ['acme.azurecr.cn', 'https://management.chinacloudapi.cn/.default'],
  ['acme.azurecr.us', 'https://management.usgovcloudapi.net/.default'],
])('%s exchanges a token for %s', async (host, scope) => {
  await using entra = await serve(({ form }) =>
    form.get('scope') === scope ? { body: { access_token: 'entra' } } : undefined,
  )
  await using acr = await serve(({ method, path }) =>
    `${method} ${path}` === 'POST /oauth2/exchange'
      ? { body: { refresh_token: 'refresh' } }
      : undefined,
  )
  const environment = environmentOf(
    { ...application, AZURE_AUTHORITY_HOST: `${entra.url}/` },
    { reroute: { [`https://${host}`]: acr.url } },
  )

  const credential = await azure(host, environment)

  expect(credential && shown(credential)).toEqual({
    source: 'provider azure (AZURE_CLIENT_SECRET)',
    origin: 'ambient',
    kind: 'identityToken',
    token: 'refresh',
  })
  expect(Object.fromEntries(acr.seen[0]?.form ?? [])).toEqual({
    grant_type: 'access_token',
    service: host,
    access_token: 'entra',
  })
})

test('a registry that refuses the exchange is an error', async () => {
  await using entra = await serve(() => ({ body: { access_token: 'entra' } }))
  await using acr = await serve(() => ({
    status: 401,
    body: { errors: [{ code: 'UNAUTHORIZED', message: 'entra' }] },
  }))
  const environment = environmentOf(
    { ...application, AZURE_AUTHORITY_HOST: entra.url },
    { reroute: { 'https://acme.azurecr.io': acr.url } },
  )
  await expect(azure('acme.azurecr.io', environment)).rejects.toThrow(
    expect.objectContaining({
      code: 'REGISTRY_DENIED',
      message: `POST ${acr.url}/oauth2/exchange: 401; check the identity that the provider uses`,
    }),
  )
})

import { google } from '../../../src/registry/credentials/google.ts'
import { environmentOf, serve } from './loopback.ts'
import { shown } from './shown.ts'

const user = (tokenUri: string) =>
  JSON.stringify({
    type: 'authorized_user',
    client_id: 'c',
    client_secret: 's',
    refresh_token: 'r',
    token_uri: tokenUri,
  })

test.each<[Record<string, string>, string]>([
  [{ GOOGLE_APPLICATION_CREDENTIALS: '/key.json', CLOUDSDK_CONFIG: '/gcloud' }, '/key.json'],
  [{ CLOUDSDK_CONFIG: '/gcloud' }, '/gcloud/application_default_credentials.json'],
  [{}, '/home/me/.config/gcloud/application_default_credentials.json'],
])('with %j takes the identity in %s', async (env, path) => {
  await using oauth = await serve(() => ({ body: { access_token: 'at' } }))
  const credential = await google(
    'gcr.io',
    environmentOf(env, { files: { [path]: user(oauth.url) }, home: '/home/me' }),
  )
  expect(credential && shown(credential)).toEqual({
    source: `provider gcr (${path})`,
    origin: 'ambient',
    kind: 'basic',
    username: 'oauth2accesstoken',
    password: 'at',
  })
})

describe('the metadata server', () => {
  const metadata = (headers: Record<string, string>) =>
    serve(({ path, headers: asked }) =>
      path === '/computeMetadata/v1/instance/service-accounts/default/token' &&
      asked['metadata-flavor'] === 'Google'
        ? { headers, body: { access_token: 'at', expires_in: 3599, token_type: 'Bearer' } }
        : { status: 403, body: '' },
    )

  test('gives a token', async () => {
    await using service = await metadata({ 'Metadata-Flavor': 'Google' })
    const credential = await google('gcr.io', environmentOf({ GCE_METADATA_HOST: service.host }))
    expect(credential && shown(credential)).toMatchObject({
      source: 'provider gcr (metadata server)',
      username: 'oauth2accesstoken',
      password: 'at',
    })
  })

  test('is asked by its name', async () => {
    await using service = await metadata({ 'Metadata-Flavor': 'Google' })
    expect(
      await google(
        'gcr.io',
        environmentOf({}, { reroute: { 'http://metadata.google.internal': service.url } }),
      ),
    ).toMatchObject({
      kind: 'basic',
    })
  })

  test('is not mistaken for a captive portal', async () => {
    await using portal = await metadata({})
    expect(
      await google('gcr.io', environmentOf({ GCE_METADATA_HOST: portal.host })),
    ).toBeUndefined()
  })

  test('is not everywhere', async () => {
    expect(await google('gcr.io', environmentOf({}))).toBeUndefined()
  })
})

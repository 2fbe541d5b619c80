import { credentialsInSecret } from '../../../src/registry/credentials/secret-credentials.ts'
import { shown } from './shown.ts'

const auth = (username: string, password: string) => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
})

function read(type: string, data: Record<string, string>, repository = 'ghcr.io/acme/web') {
  const infos: string[] = []
  const secret = { name: 'apps/pull', type, data: new Map(Object.entries(data)) }
  const credentials = credentialsInSecret(secret, repository, message => infos.push(message)).map(
    shown,
  )
  return { credentials, infos }
}

const json = 'kubernetes.io/dockerconfigjson'

test.each([
  [json, '.dockerconfigjson', { auths: { 'ghcr.io': auth('me', 'secret') } }],
  ['kubernetes.io/dockercfg', '.dockercfg', { 'ghcr.io': auth('me', 'secret') }],
])('reads a Secret of type %s', (type, key, content) => {
  expect(read(type, { [key]: JSON.stringify(content) })).toEqual({
    credentials: [
      {
        source: 'auths["ghcr.io"] of Secret apps/pull',
        origin: 'yaml',
        kind: 'basic',
        username: 'me',
        password: 'secret',
      },
    ],
    infos: [],
  })
})

test('gives all that match, by the rules of Kubernetes', () => {
  const auths = {
    '*.io': auth('star', 'x'),
    'ghcr.io/acm': auth('prefix', 'x'),
    'quay.io': auth('other', 'x'),
    'ghcr.io': {},
  }
  const { credentials } = read(json, { '.dockerconfigjson': JSON.stringify({ auths }) })
  expect(credentials.map(({ username }) => username)).toEqual(['prefix', 'star'])
})

test('never obeys helpers that are named in YAML', () => {
  const content = { credsStore: 'evil', credHelpers: { 'ghcr.io': 'evil' } }
  expect(read(json, { '.dockerconfigjson': JSON.stringify(content) })).toEqual({
    credentials: [],
    infos: [],
  })
})

test.each([
  [
    'another type',
    'Opaque',
    { '.dockerconfigjson': '{}' },
    'Secret apps/pull: type must be one of kubernetes.io/dockerconfigjson, kubernetes.io/dockercfg, got "Opaque"; continuing without it',
  ],
  [
    'no data',
    json,
    { '.dockercfg': '{}' },
    'Secret apps/pull: has no data under `.dockerconfigjson`; continuing without it',
  ],
  [
    'SOPS',
    json,
    { '.dockerconfigjson': 'ENC[AES256_GCM,data:c2VjcmV0,type:str]' },
    'Secret apps/pull: is encrypted by SOPS; continuing without it (decrypt it before the function runs, or set DOCKER_AUTH_CONFIG)',
  ],
])('goes on without a Secret with %s', (_name, type, data, info) => {
  expect(read(type, data)).toEqual({ credentials: [], infos: [info] })
})

test('refuses a broken one', () => {
  expect(() => read(json, { '.dockerconfigjson': '{"auths":secret}' })).toThrow(
    'Secret apps/pull .dockerconfigjson: must be valid JSON, as written by `docker login`',
  )
})

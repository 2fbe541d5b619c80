import {
  credentialsInSecret,
  secretProblems,
} from '../../../src/registry/credentials/secret-credentials.ts'
import { problemsIn, usable } from './shown.ts'

const auth = (username: string, password: string) => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
})

function read(type: string, data: Record<string, string>, repository = 'ghcr.io/acme/web') {
  const secret = { name: 'apps/pull', type, data: new Map(Object.entries(data)) }
  const found = credentialsInSecret(secret, repository)
  return { credentials: usable(found), problems: problemsIn(found) }
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
    problems: [],
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

const types = 'kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg'

test.each([
  [
    'only names helpers, which YAML must not start',
    json,
    { '.dockerconfigjson': '{"credsStore":"evil","credHelpers":{"ghcr.io":"evil"}}' },
    'has no login',
  ],
  [
    'is for another host',
    json,
    { '.dockerconfigjson': JSON.stringify({ auths: { 'quay.io': auth('me', 'x') } }) },
    'has no login for ghcr.io, only for other repositories',
  ],
  [
    'has an empty login',
    json,
    { '.dockerconfigjson': JSON.stringify({ auths: { 'ghcr.io': {} } }) },
    'has an empty login for ghcr.io',
  ],
  [
    'is of another type',
    'Opaque',
    { '.dockerconfigjson': '{}' },
    `must be of type ${types} and have its data, got "Opaque"`,
  ],
  [
    'has no data',
    json,
    { '.dockercfg': '{}' },
    `must be of type ${types} and have its data, got "${json}"`,
  ],
])('gives the reason if a Secret %s', (_name, type, data, problem) => {
  expect(read(type, data)).toEqual({
    credentials: [],
    problems: [`Secret apps/pull ${problem}`],
  })
})

test('refuses a broken one', () => {
  expect(() => read(json, { '.dockerconfigjson': '{"auths":secret}' })).toThrow(
    'Secret apps/pull .dockerconfigjson: must be valid JSON, as written by `docker login`',
  )
})

test('all that is wrong with the Secrets of a repository is known before it is asked', () => {
  const place = { field: 'spec.image' }
  const unused = [{ place: { field: 'spec.certSecretRef.name' }, problem: 'is missing' }]
  const problemsWith = (text: string) =>
    secretProblems('ghcr.io/acme/web', {
      place,
      unused,
      secret: { name: 'apps/pull', type: json, data: new Map([['.dockerconfigjson', text]]) },
    })
  const good = JSON.stringify({ auths: { 'ghcr.io': auth('me', 'x') } })
  expect(problemsWith(good)).toEqual(unused)
  expect(problemsWith('{}')).toEqual([
    ...unused,
    { place, problem: 'Secret apps/pull has no login' },
  ])
  expect(problemsWith('{"auths":secret}')).toEqual([
    ...unused,
    {
      place,
      problem:
        'Secret apps/pull .dockerconfigjson: must be valid JSON, as written by `docker login`',
    },
  ])
  expect(secretProblems('ghcr.io/acme/web', {})).toEqual([])
})

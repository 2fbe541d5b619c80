import { Redacted } from '../../../src/registry/credential.ts'
import { credentialsInConfig } from '../../../src/registry/credentials/config-credentials.ts'
import { parseDockerConfig } from '../../../src/registry/credentials/docker-config.ts'
import { usable } from './shown.ts'

const auth = { auth: Buffer.from('me:secret').toString('base64') }

async function read(repository: string, config: unknown, { helperHas = true } = {}) {
  const asked: (string | boolean)[][] = []
  const credentials = await credentialsInConfig(
    parseDockerConfig(JSON.stringify(config), 'config.json'),
    repository,
    async ({ name, serverUrl, setting, isExpected }) => {
      asked.push([name, serverUrl, setting, isExpected])
      return helperHas
        ? {
            source: 'helper',
            origin: 'ambient',
            kind: 'basic',
            username: 'h',
            password: new Redacted('x'),
          }
        : { kind: 'unusable', problem: 'nothing', isMistake: isExpected }
    },
  )
  return { asked, sources: usable(credentials).map(({ source }) => source) }
}

const auths = { 'ghcr.io': auth, 'ghcr.io/acme': auth }
const fromAuths = ['auths["ghcr.io/acme"] of config.json', 'auths["ghcr.io"] of config.json']

test.each([
  ['auths alone', { auths }, [], fromAuths],
  [
    'a store first',
    { auths, credsStore: 'pass' },
    [['pass', 'ghcr.io', 'credsStore of config.json', true]],
    ['helper', ...fromAuths],
  ],
  [
    'a store that nobody filled for this host is not expected to have a login',
    { credsStore: 'pass', auths: { 'quay.io': {} } },
    [['pass', 'ghcr.io', 'credsStore of config.json', false]],
    ['helper'],
  ],
  [
    'the helper of the host before the store',
    { credsStore: 'pass', credHelpers: { 'ghcr.io': 'gh' } },
    [['gh', 'ghcr.io', 'credHelpers["ghcr.io"] of config.json', true]],
    ['helper'],
  ],
  [
    'no helper of another host',
    { auths, credHelpers: { 'quay.io': 'x', 'ghcr.io/acme': 'y', '*.io': 'z' } },
    [],
    fromAuths,
  ],
  [
    'an empty helper switches the store off',
    { auths, credsStore: 'pass', credHelpers: { 'ghcr.io': '' } },
    [],
    fromAuths,
  ],
  [
    'empty auths mark a login in the store',
    { auths: { 'ghcr.io': {} }, credsStore: 'pass' },
    [['pass', 'ghcr.io', 'credsStore of config.json', true]],
    ['helper'],
  ],
])('%s', async (_name, config, asked, sources) => {
  expect(await read('ghcr.io/acme/web', config)).toEqual({ asked, sources })
})

test.each(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'https://index.docker.io/v1/'])(
  'a helper for Docker Hub, written as %s, is asked by the name that docker stores',
  async key => {
    const { asked } = await read('docker.io/library/nginx', { credHelpers: { [key]: 'hub' } })
    expect(asked).toEqual([
      ['hub', 'https://index.docker.io/v1/', `credHelpers["${key}"] of config.json`, true],
    ])
  },
)

test('auths is used if the helper has no credential', async () => {
  expect(
    (await read('ghcr.io/acme/web', { auths, credsStore: 'pass' }, { helperHas: false })).sources,
  ).toEqual(fromAuths)
})

test('runs no helper if none is allowed', async () => {
  const config = parseDockerConfig(JSON.stringify({ auths, credsStore: 'pass' }), 'config.json')
  expect(
    usable(await credentialsInConfig(config, 'ghcr.io/acme/web', undefined)).map(
      ({ source }) => source,
    ),
  ).toEqual(fromAuths)
})

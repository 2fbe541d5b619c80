import {
  parseDockerConfig,
  parseDockercfg,
} from '../../../src/registry/credentials/docker-config.ts'

test('parses the format of docker', () => {
  const text = JSON.stringify({
    auths: { 'ghcr.io': {} },
    credHelpers: { 'gcr.io': 'gcloud' },
    credsStore: 'pass',
    HttpHeaders: {},
    psFormat: 'x',
  })
  expect(parseDockerConfig(text, 'config.json')).toEqual({
    source: 'config.json',
    auths: new Map([['ghcr.io', {}]]),
    credHelpers: new Map([['gcr.io', 'gcloud']]),
    credsStore: 'pass',
  })
})

test.each(['{}', '{"auths":null,"credHelpers":null,"credsStore":null}', '{"credsStore":""}'])(
  '%s holds nothing',
  text => {
    expect(parseDockerConfig(text, 'config.json')).toEqual({
      source: 'config.json',
      auths: new Map(),
      credHelpers: new Map(),
      credsStore: undefined,
    })
  },
)

test('parses the older format', () => {
  expect(parseDockercfg('{"ghcr.io":{"auth":"eDp5"}}', 'x').auths).toEqual(
    new Map([['ghcr.io', { auth: 'eDp5' }]]),
  )
})

const advice = ', as written by `docker login`'

test.each([
  [
    'no JSON',
    '{"auths":{"ghcr.io":{"auth":"c2VjcmV0"',
    `/x/config.json: must be valid JSON${advice}`,
  ],
  ['a list', '[]', `/x/config.json: must be a JSON object${advice}`],
  [
    'auths of another type',
    '{"auths":["secret"]}',
    `/x/config.json: \`auths\` must be an object${advice}`,
  ],
  [
    'a helper of another type',
    '{"credHelpers":{"gcr.io":{"a":"secret"}}}',
    `/x/config.json: \`credHelpers["gcr.io"]\` must be a string${advice}`,
  ],
  [
    'a store of another type',
    '{"credsStore":["secret"]}',
    `/x/config.json: \`credsStore\` must be a string${advice}`,
  ],
])('refuses %s, and names the file only', (_name, text, message) => {
  expect(() => parseDockerConfig(text, '/x/config.json')).toThrow(
    expect.objectContaining({ code: 'REGISTRY_DENIED', message }),
  )
})

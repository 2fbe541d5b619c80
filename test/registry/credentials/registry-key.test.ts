import {
  findByPath,
  keyOfRepository,
  parseRegistryKey,
} from '../../../src/registry/credentials/registry-key.ts'

test.each([
  // key                               host                 path
  ['ghcr.io', 'ghcr.io', ''],
  ['GHCR.io', 'ghcr.io', ''],
  ['ghcr.io/', 'ghcr.io', ''],
  ['https://ghcr.io', 'ghcr.io', ''],
  ['http://reg.local:5000/', 'reg.local:5000', ''],
  ['https://reg.io/v1/', 'reg.io', ''],
  ['https://reg.io/v2', 'reg.io', ''],
  ['reg.io/v2/acme', 'reg.io', '/acme'],
  ['reg.io/v2beta', 'reg.io', '/v2beta'],
  ['reg.io/Acme/web', 'reg.io', '/Acme/web'],
  ['docker.io', 'docker.io', ''],
  ['index.docker.io', 'docker.io', ''],
  ['registry-1.docker.io', 'docker.io', ''],
  ['https://index.docker.io/v1/', 'docker.io', ''],
  ['https://index.docker.io/v1/access-token', 'docker.io', '/access-token'],
  ['notdocker.io', 'notdocker.io', ''],
  ['', '', ''],
])('the key "%s" is for %s%s', (key, host, path) => {
  expect(parseRegistryKey(key)).toEqual({ host, path })
})

test('the path of a repository may begin with v1 or v2', () => {
  expect(keyOfRepository('reg.io/v2/web')).toEqual({ host: 'reg.io', path: '/v2/web' })
})

describe('findByPath', () => {
  const keysFor = (repository: string, keys: string[]) =>
    findByPath(new Map(keys.map(key => [key, key])), repository).map(([key]) => key)

  test('gives the longest path first', () => {
    const keys = ['https://reg.io', 'reg.io/acme/web', 'reg.io/acme']
    expect(keysFor('reg.io/acme/web', keys)).toEqual([
      'reg.io/acme/web',
      'reg.io/acme',
      'https://reg.io',
    ])
  })

  test.each([
    // repository              key                  for it
    ['reg.io/acme/web', 'reg.io/acme/', true],
    ['reg.io/acmeweb', 'reg.io/acme', false],
    ['reg.io/acme/web', 'reg.io/acme/we', false],
    ['reg.io/acme', 'reg.io/acme/web', false],
    ['reg.io:5000/acme', 'reg.io', false],
    ['reg.io/acme', 'reg.io:443', false],
    ['sub.reg.io/acme', 'reg.io', false],
    ['sub.reg.io/acme', '*.reg.io', false],
    ['docker.io/library/nginx', 'https://index.docker.io/v1/', true],
    ['docker.io/library/nginx', 'docker.io/library', true],
    ['docker.io/library/nginx', 'https://index.docker.io/v1/refresh-token', false],
  ])('%s with the key %s: %s', (repository, key, matches) => {
    expect(keysFor(repository, [key])).toEqual(matches ? [key] : [])
  })
})

import { findInKeyring } from '../../../src/registry/credentials/kubernetes-keyring.ts'

const keysFor = (repository: string, keys: string[]) =>
  findInKeyring(new Map(keys.map(key => [key, key])), repository).map(([key]) => key)

test.each([
  // repository                  key                           for it
  ['reg.io/acme/web', 'reg.io', true],
  ['reg.io/acme/web', 'https://reg.io/v1/', true],
  ['reg.io/acme/web', 'reg.io/v2/acme', true],
  ['reg.io/foobar', 'reg.io/foo', true], // a plain prefix
  ['reg.io/foobar', 'reg.io/foo/', false],
  ['reg.io/foo/bar', 'reg.io/foo/', true],
  ['reg.io/foo', 'reg.io/foo/bar', false],
  ['reg.io:5000/web', 'reg.io:5000', true],
  ['reg.io:5000/web', 'reg.io', false],
  ['reg.io/web', 'reg.io:443', false],
  ['a.foo.io/web', '*.foo.io', true],
  ['foo.io/web', '*.foo.io', false],
  ['a.b.foo.io/web', '*.foo.io', false],
  ['a.b.foo.io/web', '*.*.foo.io', true],
  ['reg-eu.foo.io/web', 'reg-*.foo.io', true],
  ['a.foo.io:5000/web', '*.foo.io', false],
  ['a.foo.io:5000/web', '*.foo.io:5000', true],
  ['foo.io/web', '*', false],
  ['foo.io/web', 'foo', false],
  ['evilfoo.io/web', 'foo.io', false],
  ['docker.io/library/nginx', 'docker.io', true],
  ['docker.io/library/nginx', 'index.docker.io', true],
  ['docker.io/library/nginx', 'registry-1.docker.io', true],
  ['docker.io/library/nginx', 'https://index.docker.io/v1/', true],
  ['docker.io/library/nginx', '*.docker.io', true],
  ['docker.io/library/nginx', '*.io', true],
  ['ghcr.io/library/nginx', '*.docker.io', false],
  ['ghcr.io/acme', 'ghc?.io', false], // a URL ends there
  ['docker.io/acme/web', 'index.docker.io/acme', true],
  ['docker.io/acme/web', 'index.docker.io/other', false],
])('%s with the key %s: %s', (repository, key, matches) => {
  expect(keysFor(repository, [key])).toEqual(matches ? [key] : [])
})

test('keys come in reverse byte order: longer ones first, globs last', () => {
  const keys = ['*.io', 'reg.io', 'reg.io/acme', 'r*g.io', 'reg.io/acme/web', 'other.io']
  expect(keysFor('reg.io/acme/web', keys)).toEqual([
    'reg.io/acme/web',
    'reg.io/acme',
    'reg.io',
    'r*g.io',
    '*.io',
  ])
})

test('spellings of one key keep the order of the Secret', () => {
  const keys = ['index.docker.io', 'docker.io', 'https://index.docker.io/v1/']
  expect(keysFor('docker.io/library/nginx', keys)).toEqual(keys)
})

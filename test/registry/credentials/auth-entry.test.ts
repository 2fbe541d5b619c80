import fc from 'fast-check'
import { readAuthEntry } from '../../../src/registry/credentials/auth-entry.ts'
import { shown } from './shown.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const read = (entry: unknown) => {
  const credential = readAuthEntry(entry, 'auths["ghcr.io"] of x', 'ambient')
  return credential && shown(credential)
}
const basic = (username: string, password: string) => ({ kind: 'basic', username, password })

test.each([
  ['auth', { auth: base64('me:secret') }, basic('me', 'secret')],
  [
    'auth without padding',
    { auth: base64('me:secrets').replaceAll('=', '') },
    basic('me', 'secrets'),
  ],
  [
    'auth on two lines',
    { auth: `${base64('me:secret').slice(0, 4)}\n${base64('me:secret').slice(4)}` },
    basic('me', 'secret'),
  ],
  ['a colon in the password', { auth: base64('me:se:cr:et') }, basic('me', 'se:cr:et')],
  ['trailing NULs', { auth: base64('me:secret\0\0') }, basic('me', 'secret')],
  [
    'a key file as the password',
    { auth: base64('_json_key:{"type":"service_account"}') },
    basic('_json_key', '{"type":"service_account"}'),
  ],
  ['a robot', { auth: base64('robot$ci:secret') }, basic('robot$ci', 'secret')],
  ['username and password', { username: 'me', password: 'secret' }, basic('me', 'secret')],
  [
    'auth before username and password',
    { auth: base64('me:secret'), username: 'you', password: 'other' },
    basic('me', 'secret'),
  ],
  [
    'an identity token',
    { auth: base64('00000000-0000-0000-0000-000000000000:'), identitytoken: 'it' },
    { kind: 'identityToken', token: 'it' },
  ],
  [
    'a registry token',
    { identitytoken: 'it', registrytoken: 'rt' },
    { kind: 'registryToken', token: 'rt' },
  ],
  [
    'empty strings',
    { auth: '', username: '', password: '', identitytoken: '', registrytoken: '' },
    undefined,
  ],
  ['nothing: the login is in a store', {}, undefined],
  ['no password', { username: 'me' }, undefined],
  ['an empty password', { auth: base64('me:') }, undefined],
])('reads %s', (_name, entry, expected) => {
  expect(read(entry)).toEqual(
    expected && { source: 'auths["ghcr.io"] of x', origin: 'ambient', ...expected },
  )
})

test.each([
  ['no object', 'c2VjcmV0', 'auths["ghcr.io"] of x: must be an object; log in again'],
  [
    'no base64',
    { auth: '%secret:%' },
    'auths["ghcr.io"] of x: `auth` must be the base64 of `username:password`; log in again',
  ],
  [
    'base64 with something else in it',
    { auth: `%${base64('me:secret')}` },
    'auths["ghcr.io"] of x: `auth` must be the base64 of `username:password`; log in again',
  ],
  [
    'no colon',
    { auth: base64('secret') },
    'auths["ghcr.io"] of x: `auth` must be the base64 of `username:password`; log in again',
  ],
  [
    'a number',
    { username: 'me', password: 42 },
    'auths["ghcr.io"] of x: `password` must be a string; log in again',
  ],
])('refuses %s without showing it', (_name, entry, message) => {
  expect(() => read(entry)).toThrow(expect.objectContaining({ code: 'REGISTRY_DENIED', message }))
})

test('decodes with and without padding', () => {
  const username = fc.string({ minLength: 1 }).filter(text => !text.includes(':'))
  const password = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter(text => !text.endsWith('\0'))
  fc.assert(
    fc.property(username, password, fc.boolean(), (name, secret, padded) => {
      const auth = base64(`${name}:${secret}`)
      expect(read({ auth: padded ? auth : auth.replaceAll('=', '') })).toMatchObject({
        username: name,
        password: secret,
      })
    }),
  )
})

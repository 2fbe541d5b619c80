import { FunctionError } from '../../errors.ts'
import { type Credential, Redacted } from '../credential.ts'
import { isJsonObject } from './json-fields.ts'

/**
 * The credential in one entry of `auths`; undefined for `{}`, which marks a login that is kept in
 * `credsStore`. `source` names the entry. A registry token wins over an identity token, and that
 * over a password. Throws REGISTRY_DENIED; its message holds no value.
 * Source: docker/cli, cli/config/configfile/file.go.
 */
export function readAuthEntry(
  entry: unknown,
  source: string,
  origin: Credential['origin'],
): Credential | undefined {
  if (!isJsonObject(entry)) throw broken(source, 'must be an object')
  const text = (key: string) => {
    const value = entry[key] ?? ''
    if (typeof value !== 'string') throw broken(source, `\`${key}\` must be a string`)
    return value
  }

  const registryToken = text('registrytoken')
  if (registryToken !== '')
    return { source, origin, kind: 'registryToken', token: new Redacted(registryToken) }
  const identityToken = text('identitytoken')
  if (identityToken !== '')
    return { source, origin, kind: 'identityToken', token: new Redacted(identityToken) }

  const auth = text('auth')
  const { username, password } =
    auth === ''
      ? { username: text('username'), password: text('password') }
      : decodeAuth(auth, source)
  if (username === '' || password === '') return undefined
  return { source, origin, kind: 'basic', username, password: new Redacted(password) }
}

/**
 * `base64(username:password)`, with or without padding. The password may hold colons, and docker
 * may pad it with NUL characters.
 */
function decodeAuth(auth: string, source: string): { username: string; password: string } {
  const base64 = auth.replace(/[\r\n]/g, '') // as in Go's decoder
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
    ? Buffer.from(base64, 'base64').toString()
    : ''
  const colon = decoded.indexOf(':')
  if (colon === -1) throw broken(source, '`auth` must be the base64 of `username:password`')
  return {
    username: decoded.slice(0, colon),
    password: withoutNuls(decoded.slice(colon + 1)),
  }
}

function withoutNuls(text: string): string {
  let end = text.length
  while (text.charCodeAt(end - 1) === 0) end--
  return text.slice(0, end)
}

const broken = (source: string, problem: string) =>
  new FunctionError('REGISTRY_DENIED', `${source}: ${problem}; log in again`)

import { FunctionError } from '../../errors.ts'
import { type Credential, Redacted } from '../credential.ts'
import { isJsonObject } from './json-fields.ts'

/**
 * The credential in one entry of `auths`, or undefined: `{}` marks a login that is kept elsewhere (`credsStore`). `source` names the entry.
 * A registry token is preferred to an identity token, that to a password. Throws REGISTRY_DENIED, and never shows a value.
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

/** `base64(username:password)`, with or without padding; the password may hold more colons, and docker pads it with NULs at times. */
function decodeAuth(auth: string, source: string): { username: string; password: string } {
  const base64 = auth.replace(/[\r\n]/g, '') // as Go's decoder does
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
    ? Buffer.from(base64, 'base64').toString()
    : ''
  const colon = decoded.indexOf(':')
  if (colon === -1) throw broken(source, '`auth` must be the base64 of `username:password`')
  return {
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1).replace(/\0+$/, ''),
  }
}

const broken = (source: string, problem: string) =>
  new FunctionError('REGISTRY_DENIED', `${source}: ${problem}; log in again`)

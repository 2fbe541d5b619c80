import { type Credential, Redacted } from '../../../src/registry/credential.ts'
import { labUser } from './registry.ts'

type Origin = Credential['origin']

/** A login, the lab's by default. */
export const login = (
  username: string = labUser.username,
  password: string = labUser.password,
  origin: Origin = 'ambient',
): Credential => ({
  kind: 'basic',
  source: `the login of ${username}`,
  origin,
  username,
  password: new Redacted(password),
})

export const identityToken = (token: string, origin: Origin = 'ambient'): Credential => ({
  kind: 'identityToken',
  source: 'an identity token',
  origin,
  token: new Redacted(token),
})

export const registryToken = (token: string, origin: Origin = 'ambient'): Credential => ({
  kind: 'registryToken',
  source: 'a registry token',
  origin,
  token: new Redacted(token),
})

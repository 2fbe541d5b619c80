import { Redacted } from '../credential.ts'
import type { MintCredential } from './provider.ts'

/**
 * GitHub's container registry accepts a token as the password; the user name must not be empty but
 * is not checked.
 */
export const github: MintCredential = async (_host, { env }) => {
  const variable = ['GITHUB_TOKEN', 'GH_TOKEN'].find(name => env[name])
  const token = variable && env[variable]
  if (!token) return undefined
  return {
    source: `provider github (${variable})`,
    origin: 'ambient',
    kind: 'basic',
    username: env.GITHUB_ACTOR || 'x-access-token',
    password: new Redacted(token),
  }
}

import { Redacted } from '../credential.ts'
import type { MintCredential } from './provider.ts'

/** GitHub's container registry takes a token as a password; the user name is only looked at for being there. */
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

import { Redacted } from '../credential.ts'
import type { MintCredential } from './provider.ts'

/** Docker Hub, by the usual variables in CI systems: a personal access token or the password. */
export const dockerhub: MintCredential = async (_host, { env }) => {
  const variable = ['DOCKERHUB_TOKEN', 'DOCKERHUB_PASSWORD'].find(name => env[name])
  const password = variable && env[variable]
  if (!env.DOCKERHUB_USERNAME || !password) return undefined
  return {
    source: `provider dockerhub (${variable})`,
    origin: 'ambient',
    kind: 'basic',
    username: env.DOCKERHUB_USERNAME,
    password: new Redacted(password),
  }
}

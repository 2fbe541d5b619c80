import { join } from 'node:path'
import { Redacted } from '../credential.ts'
import { readAnswer } from './endpoint-answer.ts'
import { accessTokenOfKeyFile } from './google-key-file.ts'
import { askMetadata, type MintCredential, type ProviderEnvironment } from './provider.ts'

/**
 * Google Container Registry and Artifact Registry: an access token as the password of
 * `oauth2accesstoken`. Sources of the identity, in the order of Google's libraries:
 * `GOOGLE_APPLICATION_CREDENTIALS`, gcloud's login, the metadata server.
 */
export const google: MintCredential = async (_host, environment) => {
  const found = (await fromKeyFile(environment)) ?? (await fromMetadataServer(environment))
  return (
    found && {
      source: `provider gcr (${found.source})`,
      origin: 'ambient',
      kind: 'basic',
      username: 'oauth2accesstoken',
      password: found.token,
    }
  )
}

interface GoogleToken {
  readonly source: string
  readonly token: Redacted
}

async function fromKeyFile(environment: ProviderEnvironment): Promise<GoogleToken | undefined> {
  const { env, home, readFile } = environment
  const named = env.GOOGLE_APPLICATION_CREDENTIALS
  const gcloud = env.CLOUDSDK_CONFIG || (home && join(home, '.config', 'gcloud'))
  const path = named || (gcloud && join(gcloud, 'application_default_credentials.json'))
  const text = path && (await readFile(path, named && 'GOOGLE_APPLICATION_CREDENTIALS'))
  return text
    ? { source: path, token: await accessTokenOfKeyFile(text, path, environment) }
    : undefined
}

/**
 * The service account of a machine, pod or job in Google's cloud. The header of the answer
 * distinguishes it from a captive portal.
 */
async function fromMetadataServer({
  env,
  ask,
}: ProviderEnvironment): Promise<GoogleToken | undefined> {
  const url = `http://${env.GCE_METADATA_HOST || 'metadata.google.internal'}/computeMetadata/v1/instance/service-accounts/default/token`
  const answer = await askMetadata(ask, url, { headers: { 'metadata-flavor': 'Google' } })
  if (answer?.status !== 200 || answer.headers['metadata-flavor'] !== 'Google') return undefined
  return { source: 'metadata server', token: new Redacted(readAnswer(answer).text('access_token')) }
}

import { join } from 'node:path'
import { FunctionError } from '../../errors.ts'
import { Redacted } from '../credential.ts'
import type { EndpointAnswer } from './endpoint.ts'
import { readAnswer, requireOk } from './endpoint-answer.ts'
import type { JsonFields } from './json-fields.ts'
import { askMetadata, type ProviderEnvironment } from './provider.ts'

/** An access key of AWS, and where it was found. */
export interface AwsIdentity {
  readonly source: string
  readonly accessKeyId: string
  readonly secretAccessKey: Redacted
  readonly sessionToken: Redacted | undefined
}

/**
 * The first identity in the order of AWS's SDKs: variables, web identity, credentials file,
 * container, machine. Profiles that assume a role, log in by SSO or run a program are not
 * supported. Source: AWS SDKs and Tools reference guide, standardized credential providers.
 */
export async function findAwsIdentity(
  region: string,
  environment: ProviderEnvironment,
): Promise<AwsIdentity | undefined> {
  for (const find of [
    fromVariables,
    fromWebIdentity,
    fromCredentialsFile,
    fromContainer,
    fromMachine,
  ]) {
    const identity = await find(environment, region)
    if (identity !== undefined) return identity
  }
  return undefined
}

type FindIdentity = (
  environment: ProviderEnvironment,
  region: string,
) => Promise<AwsIdentity | undefined>

const fromVariables: FindIdentity = async ({ env }) =>
  identityOf(
    'AWS_ACCESS_KEY_ID',
    env.AWS_ACCESS_KEY_ID,
    env.AWS_SECRET_ACCESS_KEY,
    env.AWS_SESSION_TOKEN,
  )

/** Exchanges a token of a service account (EKS, GitHub Actions) for an access key. */
const fromWebIdentity: FindIdentity = async ({ env, readFile, ask }, region) => {
  if (!env.AWS_WEB_IDENTITY_TOKEN_FILE || !env.AWS_ROLE_ARN) return undefined
  const token = (
    await readFile(env.AWS_WEB_IDENTITY_TOKEN_FILE, 'AWS_WEB_IDENTITY_TOKEN_FILE')
  )?.trim()
  if (!token) return undefined
  const stsRegion = env.AWS_REGION || env.AWS_DEFAULT_REGION || region
  const domain = stsRegion.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const answer = await ask(
    env.AWS_ENDPOINT_URL_STS || env.AWS_ENDPOINT_URL || `https://sts.${stsRegion}.${domain}/`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: env.AWS_ROLE_ARN,
        RoleSessionName: env.AWS_ROLE_SESSION_NAME || 'image-policy-fn',
        WebIdentityToken: token,
      }).toString(),
    },
  )
  requireOk(answer)
  const element = (name: string) => elementText(answer.body, name)
  return (
    identityOf(
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      element('AccessKeyId'),
      element('SecretAccessKey'),
      element('SessionToken'),
    ) ?? fail(answer)
  )
}

const fromCredentialsFile: FindIdentity = async ({ env, home, readFile }) => {
  const named = env.AWS_SHARED_CREDENTIALS_FILE
  const path = named || (home && join(home, '.aws', 'credentials'))
  const text = path && (await readFile(path, named && 'AWS_SHARED_CREDENTIALS_FILE'))
  if (!text) return undefined
  const profile = readProfile(text, env.AWS_PROFILE || 'default')
  return identityOf(
    path,
    profile.get('aws_access_key_id'),
    profile.get('aws_secret_access_key'),
    profile.get('aws_session_token'),
  )
}

/** A task of ECS, or a pod of EKS. */
const fromContainer: FindIdentity = async ({ env, readFile, ask }) => {
  const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  const url = relative ? `http://169.254.170.2${relative}` : env.AWS_CONTAINER_CREDENTIALS_FULL_URI
  if (!url) return undefined
  const tokenFile = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  const token = tokenFile
    ? await readFile(tokenFile, 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE')
    : env.AWS_CONTAINER_AUTHORIZATION_TOKEN
  const answer = await ask(url, { headers: token ? { authorization: token.trim() } : {} })
  return identityIn('container credentials', readAnswer(answer), answer)
}

/**
 * The role of an EC2 instance, by version 2 of its metadata service, which needs a token as
 * protection against confused proxies.
 */
const fromMachine: FindIdentity = async ({ env, ask }) => {
  if (env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true') return undefined
  const ipv6 = env.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE?.toLowerCase() === 'ipv6'
  const endpoint =
    env.AWS_EC2_METADATA_SERVICE_ENDPOINT ||
    (ipv6 ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254')
  const urlOf = (path: string) => `${endpoint.replace(/\/$/, '')}/latest/${path}`

  const token = await askMetadata(ask, urlOf('api/token'), {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '300' },
  })
  if (token?.status !== 200) return undefined
  const headers = { 'x-aws-ec2-metadata-token': token.body.trim() }
  const roles = await ask(urlOf('meta-data/iam/security-credentials/'), { headers })
  const role = roles.status === 200 ? roles.body.trim().split('\n')[0] : undefined
  if (!role) return undefined
  const answer = await ask(
    urlOf(`meta-data/iam/security-credentials/${encodeURIComponent(role)}`),
    { headers },
  )
  return identityIn('role of the machine', readAnswer(answer), answer)
}

function identityIn(source: string, fields: JsonFields, answer: EndpointAnswer): AwsIdentity {
  return (
    identityOf(
      source,
      fields.text('AccessKeyId'),
      fields.text('SecretAccessKey'),
      fields.optionalText('Token'),
    ) ?? fail(answer)
  )
}

function identityOf(
  source: string,
  accessKeyId?: string,
  secretAccessKey?: string,
  sessionToken?: string,
): AwsIdentity | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined
  return {
    source,
    accessKeyId,
    secretAccessKey: new Redacted(secretAccessKey),
    sessionToken: sessionToken ? new Redacted(sessionToken) : undefined,
  }
}

function fail({ request }: EndpointAnswer): never {
  throw new FunctionError('REGISTRY_FAILED', `${request}: the answer must have an access key`)
}

/** The text of an XML element without attributes; undefined if there is none. */
function elementText(xml: string, name: string): string | undefined {
  const [, rest] = xml.split(`<${name}>`, 2)
  const text = rest?.split(`</${name}>`, 1)[0]?.trim()
  return text === undefined || text === '' || /[<\s]/.test(text) ? undefined : text
}

/** The settings under `[name]` of AWS's credentials file. */
function readProfile(text: string, name: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  let section: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed.startsWith('[') && trimmed.includes(']')) {
      section = trimmed.slice(1, trimmed.indexOf(']')).trim()
      continue
    }
    const equals = trimmed.indexOf('=')
    const key = trimmed.slice(0, Math.max(0, equals)).trim()
    if (section === name && /^[a-z_]+$/.test(key))
      settings.set(key, trimmed.slice(equals + 1).trim())
  }
  return settings
}

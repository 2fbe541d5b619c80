import { Redacted } from '../credential.ts'
import { readAnswer } from './endpoint-answer.ts'
import { askMetadata, type ProviderEnvironment } from './provider.ts'

/** An access token of Microsoft Entra, and where it was found. */
export interface AzureToken {
  readonly source: string
  readonly token: Redacted
}

/**
 * A token for `audience` from the first identity, in the order of Azure's libraries: variables with
 * a secret, workload identity, managed identity. Source: Azure SDK, DefaultAzureCredential.
 */
export async function findAzureToken(
  audience: string,
  environment: ProviderEnvironment,
): Promise<AzureToken | undefined> {
  return (
    (await fromApplication(audience, environment)) ??
    (await fromAppService(audience, environment)) ??
    fromMachine(audience, environment)
  )
}

/**
 * An application that authenticates with a secret or with a token of its Kubernetes service
 * account.
 */
async function fromApplication(
  audience: string,
  { env, readFile, ask }: ProviderEnvironment,
): Promise<AzureToken | undefined> {
  const {
    AZURE_TENANT_ID: tenant,
    AZURE_CLIENT_ID: client,
    AZURE_CLIENT_SECRET: secret,
    AZURE_FEDERATED_TOKEN_FILE: path,
  } = env
  if (!tenant || !client) return undefined
  const assertion =
    !secret && path ? (await readFile(path, 'AZURE_FEDERATED_TOKEN_FILE'))?.trim() : undefined
  const proof = secret
    ? { client_secret: secret }
    : assertion && {
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }
  if (!proof) return undefined
  const authority = (env.AZURE_AUTHORITY_HOST || 'https://login.microsoftonline.com').replace(
    /\/$/,
    '',
  )
  const answer = await ask(`${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client,
      scope: `${audience}/.default`,
      ...proof,
    }).toString(),
  })
  const source = secret ? 'AZURE_CLIENT_SECRET' : 'AZURE_FEDERATED_TOKEN_FILE'
  return { source, token: new Redacted(readAnswer(answer).text('access_token')) }
}

/** Managed identity of App Service, Functions and Container Apps. */
async function fromAppService(
  audience: string,
  { env, ask }: ProviderEnvironment,
): Promise<AzureToken | undefined> {
  if (!env.IDENTITY_ENDPOINT || !env.IDENTITY_HEADER) return undefined
  const answer = await ask(
    withQuery(env.IDENTITY_ENDPOINT, audience, '2019-08-01', env.AZURE_CLIENT_ID),
    {
      headers: { 'x-identity-header': env.IDENTITY_HEADER },
    },
  )
  return {
    source: 'IDENTITY_ENDPOINT',
    token: new Redacted(readAnswer(answer).text('access_token')),
  }
}

/**
 * Managed identity of a machine or node. Other clouds have a metadata service at the same address,
 * so any status but 200 means no identity.
 */
async function fromMachine(
  audience: string,
  { env, ask }: ProviderEnvironment,
): Promise<AzureToken | undefined> {
  const endpoint = (env.AZURE_POD_IDENTITY_AUTHORITY_HOST || 'http://169.254.169.254').replace(
    /\/$/,
    '',
  )
  const url = withQuery(
    `${endpoint}/metadata/identity/oauth2/token`,
    audience,
    '2018-02-01',
    env.AZURE_CLIENT_ID,
  )
  const answer = await askMetadata(ask, url, { headers: { metadata: 'true' } })
  if (answer?.status !== 200) return undefined
  return {
    source: 'managed identity',
    token: new Redacted(readAnswer(answer).text('access_token')),
  }
}

function withQuery(
  endpoint: string,
  resource: string,
  version: string,
  client: string | undefined,
): string {
  return `${endpoint}?${new URLSearchParams({ 'api-version': version, resource, ...(client && { client_id: client }) })}`
}

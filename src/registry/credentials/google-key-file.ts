import { createSign } from 'node:crypto'
import { FunctionError } from '../../errors.ts'
import { Redacted } from '../credential.ts'
import { readAnswer } from './endpoint-answer.ts'
import { accessTokenOfWorkload, googleScope } from './google-workload.ts'
import { type JsonFields, readJson } from './json-fields.ts'
import type { ProviderEnvironment } from './provider.ts'

/**
 * An access token for the identity in one of Google's key files (`service_account`,
 * `authorized_user`, `external_account`). Throws REGISTRY_DENIED if the file is malformed or of
 * another type; the message holds no value.
 */
export async function accessTokenOfKeyFile(
  text: string,
  path: string,
  environment: ProviderEnvironment,
): Promise<Redacted> {
  const file = readJson(
    text,
    problem => new FunctionError('REGISTRY_DENIED', `${path}: ${problem}`),
  )
  const type = file.text('type')
  switch (type) {
    case 'service_account':
      return exchange(file, environment, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: signedAssertion(file),
      })
    case 'authorized_user':
      return exchange(file, environment, {
        grant_type: 'refresh_token',
        client_id: file.text('client_id'),
        client_secret: file.text('client_secret'),
        refresh_token: file.text('refresh_token'),
      })
    case 'external_account':
      return accessTokenOfWorkload(file, environment)
    default:
      throw file.error('`type` must be one of service_account, authorized_user, external_account')
  }
}

const tokenUri = (file: JsonFields) =>
  file.optionalText('token_uri') ?? 'https://oauth2.googleapis.com/token'

async function exchange(
  file: JsonFields,
  { ask }: ProviderEnvironment,
  form: Record<string, string>,
): Promise<Redacted> {
  const answer = await ask(tokenUri(file), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  return new Redacted(readAnswer(answer).text('access_token'))
}

/**
 * The claims of a service account, signed with its key (RFC 7523). Google limits them to one hour.
 */
function signedAssertion(file: JsonFields): string {
  const now = Math.floor(Date.now() / 1000)
  const keyId = file.optionalText('private_key_id')
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId && { kid: keyId }) }
  const claims = {
    iss: file.text('client_email'),
    scope: googleScope,
    aud: tokenUri(file),
    iat: now,
    exp: now + 3600,
  }
  const signed = [header, claims]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(file.text('private_key'), 'base64url')}`
  } catch (error) {
    throw error instanceof FunctionError
      ? error
      : file.error('`private_key` must be an RSA key in PEM')
  }
}

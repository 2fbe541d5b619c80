import { Redacted } from '../credential.ts'
import { readAnswer, requireOk } from './endpoint-answer.ts'
import type { JsonFields } from './json-fields.ts'
import type { ProviderEnvironment } from './provider.ts'

/**
 * The narrowest OAuth scope that both of Google's registries accept. Source: fluxcd/pkg, auth/gcp.
 */
export const googleScope = 'https://www.googleapis.com/auth/cloud-platform'

/**
 * Workload identity federation: exchanges a token of another cloud or of a CI system for one of
 * Google, and that for one of a service account if the file names one. Source:
 * google.aip.dev/auth/4117, RFC 8693.
 */
export async function accessTokenOfWorkload(
  file: JsonFields,
  environment: ProviderEnvironment,
): Promise<Redacted> {
  const answer = await environment.ask(
    file.optionalText('token_url') ?? 'https://sts.googleapis.com/v1/token',
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        audience: file.text('audience'),
        scope: googleScope,
        subject_token_type: file.text('subject_token_type'),
        subject_token: await subjectToken(file, environment),
      }).toString(),
    },
  )
  const token = readAnswer(answer).text('access_token')
  const impersonation = file.optionalText('service_account_impersonation_url')
  if (impersonation === undefined) return new Redacted(token)
  const impersonated = await environment.ask(impersonation, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ scope: [googleScope] }),
  })
  return new Redacted(readAnswer(impersonated).text('accessToken'))
}

/**
 * The other system's token, from a file or from a local service. Not supported: `executable`, which
 * would start a program, and AWS, which needs signed requests.
 */
async function subjectToken(
  file: JsonFields,
  { readFile, ask }: ProviderEnvironment,
): Promise<string> {
  const source = file.fields('credential_source')
  const path = source.optionalText('file')
  const url = source.optionalText('url')
  if (path !== undefined) {
    const text = await readFile(path, '`credential_source.file`')
    if (text === undefined)
      throw file.error('the file named by `credential_source.file` must be readable')
    return tokenIn(text, source, file)
  }
  if (url === undefined)
    throw file.error(
      '`credential_source` must have a `file` or a `url`; other sources are not supported',
    )
  const headers = source.optionalFields('headers')
  const answer = await ask(url, {
    headers: Object.fromEntries(
      (headers?.keys() ?? []).map(name => [name, headers?.text(name) ?? '']),
    ),
  })
  requireOk(answer)
  return tokenIn(answer.body, source, file)
}

function tokenIn(text: string, source: JsonFields, file: JsonFields): string {
  const format = source.optionalFields('format')
  const token =
    format?.optionalText('type') === 'json'
      ? fieldIn(text, format.text('subject_token_field_name'))
      : text.trim()
  if (!token) throw file.error('`credential_source` must give a token')
  return token
}

function fieldIn(text: string, name: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)?.[name]
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined // without the engine's message, which quotes the text
  }
}

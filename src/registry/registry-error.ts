import { STATUS_CODES } from 'node:http'
import { FunctionError } from '../errors.ts'
import { formatRequest, type HttpResponse, headerOf, mediaTypeOf } from './http.ts'
import { parseRetryAfter } from './retry-after.ts'
import { quoteServerText } from './server-text.ts'

/** An entry of the `errors` that registries answer with. Source: opencontainers/distribution-spec, spec.md "Error Codes". */
export interface ErrorEntry {
  readonly code: string
  readonly message: string
}

/** What the body of an answer says was wrong; empty when it is no such JSON. */
export function errorEntries({ body }: HttpResponse): readonly ErrorEntry[] {
  const errors = parseObject(body)?.errors
  if (!Array.isArray(errors)) return []
  return errors.filter(isObject).map(({ code, message, detail }) => ({
    code: typeof code === 'string' ? code : '',
    message: [message, detail]
      .filter(text => text !== undefined && text !== null)
      .map(textOf)
      .join(' '),
  }))
}

/** The error for an answer that is not the one asked for. `asked.tried` says as whom, for the advice. */
export function registryError(
  method: string,
  response: HttpResponse,
  asked: { tried(): string },
): FunctionError {
  const { status } = response
  const code = status === 401 || status === 403 ? 'REGISTRY_DENIED' : 'REGISTRY_FAILED'
  return new FunctionError(
    code,
    `${formatRequest(method, response.url)}: ${describeAnswer(response)}; ${adviceFor(response, asked.tried())}`,
  )
}

/** `401 UNAUTHORIZED authentication required`, or what else can be said of an answer. */
function describeAnswer(response: HttpResponse): string {
  const entries = errorEntries(response)
  const said =
    entries.length > 0
      ? entries.map(({ code, message }) => `${code} ${message}`).join(', ')
      : textOfBody(response)
  return `${response.status} ${quoteServerText(said) || (STATUS_CODES[response.status] ?? '')}`.trim()
}

function textOfBody(response: HttpResponse): string {
  const text = response.body.subarray(0, 2_000).toString()
  if (!isHtml(response)) {
    const { error_description, error, details, message } = parseObject(response.body) ?? {}
    return textOf(error_description ?? message ?? details ?? error ?? text)
  }
  const title = /<title[^>]*>([^<]{1,100})/i.exec(text)?.[1]
  return `${STATUS_CODES[response.status] ?? ''} (a web page${title ? `: ${title}` : ''})`
}

/** Whether the answer is a page for people: registries have none. */
export const isHtml = (response: HttpResponse): boolean =>
  /html/.test(mediaTypeOf(response)) ||
  /^\s*<(!doctype|html)/i.test(response.body.subarray(0, 100).toString('latin1'))

function adviceFor(response: HttpResponse, tried: string): string {
  const { status } = response
  if (status === 429) return `${rateLimits(response)}${comeBack(response)}`
  if (status === 401 || status === 403) {
    if (/metadata_read/.test(response.body.subarray(0, 10_000).toString()))
      return `the token must have the permission \`metadata_read\` of this repository (${tried})`
    return `the repository does not exist, or this access is not enough: ${tried}`
  }
  if (status === 404)
    return `the repository or tag does not exist, or this access does not show it: ${tried}`
  if (
    status === 400 &&
    /HTTP request to an HTTPS server/i.test(response.body.subarray(0, 1_000).toString())
  ) {
    return 'the registry speaks https; remove `insecure: true`'
  }
  if (status === 407 || status === 511)
    return 'the network in between wants a login: a proxy or a captive portal'
  return status >= 500 || status === 408 || status === 499
    ? comeBack(response)
    : 'check the name of the repository'
}

/** Docker Hub says how much is left. Source: docs.docker.com, "Docker Hub pull usage and limits". */
function rateLimits(response: HttpResponse): string {
  const said = ['ratelimit-limit', 'ratelimit-remaining', 'docker-ratelimit-source']
    .map(name => [name, headerOf(response, name)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${quoteServerText(value ?? '', 60)}`)
  return said.length === 0 ? '' : `${said.join(', ')}; log in for a higher limit; `
}

function comeBack(response: HttpResponse): string {
  const wait = parseRetryAfter(headerOf(response, 'retry-after'), Date.now())
  if (wait === undefined) return 'try again later'
  const seconds = Math.ceil(wait / 1000)
  return `try again in ${seconds} s, after ${new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '')}`
}

/** The JSON object in a body; undefined when there is none. */
export function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString())
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

import { STATUS_CODES } from 'node:http'
import { FunctionError } from '../errors.ts'
import { formatRequest, type HttpResponse, headerOf, mediaTypeOf } from './http.ts'
import { parseRetryAfter } from './retry-after.ts'
import { quoteServerText } from './server-text.ts'

/**
 * An entry of the `errors` that registries answer with. Source: opencontainers/distribution-spec,
 * spec.md "Error Codes".
 */
export interface ErrorEntry {
  readonly code: string
  readonly message: string
}

/** The errors in the body of an answer; empty if it is not such JSON. */
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

/**
 * The error for an answer other than the expected one. `asked.tried` gives the sources of the
 * credentials, for the advice.
 */
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

/**
 * The same for an answer of a token server, of which nothing is quoted: a registry can name any
 * server as its token server, for example one that only we can reach.
 */
export const tokenServerError = (
  method: string,
  response: HttpResponse,
  asked: { tried(): string },
): FunctionError =>
  registryError(
    method,
    {
      ...response,
      body: Buffer.alloc(0),
      headers: { 'retry-after': headerOf(response, 'retry-after') },
    },
    asked,
  )

/** `401 UNAUTHORIZED authentication required`, or the text of the body. */
function describeAnswer(response: HttpResponse): string {
  const entries = errorEntries(response)
  const text =
    entries.length > 0
      ? entries.map(({ code, message }) => `${code} ${message}`).join(', ')
      : textOfBody(response)
  return `${response.status} ${quoteServerText(text) || (STATUS_CODES[response.status] ?? '')}`.trim()
}

function textOfBody(response: HttpResponse): string {
  const text = response.body.subarray(0, 2_000).toString()
  if (!isHtml(response)) {
    const { error_description, error, details, message } = parseObject(response.body) ?? {}
    return textOf(error_description ?? message ?? details ?? error ?? text)
  }
  const title = titleOf(text)
  return `${STATUS_CODES[response.status] ?? ''} (a web page${title ? `: ${title}` : ''})`
}

function titleOf(html: string): string | undefined {
  const tag = html.toLowerCase().indexOf('<title')
  const start = tag === -1 ? -1 : html.indexOf('>', tag)
  return start === -1 ? undefined : html.slice(start + 1, start + 101).split('<', 1)[0]
}

/** Whether the answer is a web page, which no registry sends. */
export const isHtml = (response: HttpResponse): boolean =>
  /html/.test(mediaTypeOf(response)) ||
  /^\s*<(!doctype|html)/i.test(response.body.subarray(0, 100).toString('latin1'))

function adviceFor(response: HttpResponse, tried: string): string {
  const { status } = response
  if (status === 429) return `${rateLimits(response)}${comeBack(response)}`
  if (status === 401 || status === 403) {
    if (/metadata_read/.test(response.body.subarray(0, 10_000).toString()))
      return `the token must have the permission \`metadata_read\` of this repository (${tried})`
    const login = tried.startsWith('asked anonymously') ? '' : 'the login is wrong, or '
    return `${login}the repository does not exist, or this access is not enough: ${tried}`
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

/**
 * The rate limits that Docker Hub reports. Source: docs.docker.com, "Docker Hub pull usage and
 * limits".
 */
function rateLimits(response: HttpResponse): string {
  const known = ['ratelimit-limit', 'ratelimit-remaining', 'docker-ratelimit-source']
    .map(name => [name, headerOf(response, name)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${quoteServerText(value ?? '', 60)}`)
  return known.length === 0 ? '' : `${known.join(', ')}; log in for a higher limit; `
}

/** One year. A later time is not serious, and may be outside of the calendar of Date. */
const longestWait = 366 * 24 * 3600 * 1000

function comeBack(response: HttpResponse): string {
  const wait = parseRetryAfter(headerOf(response, 'retry-after'), Date.now())
  if (wait === undefined || wait > longestWait) return 'try again later'
  const seconds = Math.ceil(wait / 1000)
  return `try again in ${seconds} s, after ${new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '')}`
}

/**
 * More is not an error that a registry writes, and may be too deep for JSON.stringify, which is
 * recursive.
 */
const deepest = 50

/** The JSON object in a short body; undefined if there is none, or if it is nested too deeply. */
export function parseObject(body: Buffer): Record<string, unknown> | undefined {
  const text = body.toString()
  if (nestingOf(text) > deepest) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** How deeply the brackets of a text are nested, at most; counts those in strings too. */
function nestingOf(text: string): number {
  let depth = 0
  let most = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    most = Math.max(most, depth)
  }
  return most
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

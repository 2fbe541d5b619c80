/**
 * One request, as the layers of this client pass it on. Read-only by its type: POST is for token
 * servers.
 */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** A longer answer is an error; it is never truncated. */
  readonly maxBytes: number
  /**
   * Starts to read the body of an answer with status 200, and returns what receives its chunks.
   * `HttpResponse.body` then has only its beginning, for messages: a large body is never in memory
   * as a whole.
   */
  readonly readBody?: () => (chunk: Buffer) => void
}

/** A complete answer. The body of an answer that is not 200 may be cut off. */
export interface HttpResponse {
  readonly url: URL
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** All lines of a header; `name` is in lower case. */
export function headerLines({ headers }: HttpResponse, name: string): readonly string[] {
  const value = headers[name]
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** The first line of a header. */
export const headerOf = (response: HttpResponse, name: string): string | undefined =>
  headerLines(response, name)[0]

/** The media type in lower case, without parameters; empty if there is none. */
export const mediaTypeOf = (response: HttpResponse): string =>
  (headerOf(response, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** Whether two URLs belong to one server, which may answer by http and by https. */
export function isSameServer(a: URL, b: URL): boolean {
  const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80')
  return a.hostname === b.hostname && ((a.port === '' && b.port === '') || portOf(a) === portOf(b))
}

/**
 * `GET ghcr.io/acme/web/tags/list`: how errors name a request, without the query, which may hold
 * secrets.
 */
export const formatRequest = (method: string, url: URL): string =>
  `${method} ${url.host}${url.pathname.replace(/^\/v2\//, '/').slice(0, 300)}`

import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from 'node:http'
import { type LabServer, startServer } from './server.ts'

/**
 * What other registries do that distribution does not. Each is seen in the wild: `n`, `Link`,
 * digests, refusals, trouble.
 */
export interface Quirks {
  /** Tags are given in pages of at most so many. */
  readonly page?: number
  /** More than so many are refused with 405 UNSUPPORTED, as ECR does. */
  readonly largestSize?: number
  /** Any number at all is refused, with this status and code. */
  readonly refuseSize?: { readonly status: number; readonly code: string; readonly above?: number }
  /** Nexus groups, GHCR in 2021: the list is cut at `n` without a Link. */
  readonly cutSilently?: boolean
  /** How the next page is named. */
  readonly link?:
    | 'relative'
    | 'absolute'
    | 'query' // nothing but `?…`
    | 'unquoted' // rel=next
    | 'port lost' // Nexus
    | 'prefix added' // Nexus
    | 'prefix lost' // Artifactory: the repository's first part is missing
    | 'evil' // another host
    | 'loop' // the same page for ever
    | 'no progress' // another page, with the same tags
    | 'malformed'
  /** Quay, ECR: the cursor is not a tag, and `last=` is refused. */
  readonly opaqueCursor?: boolean
  readonly order?: 'newest first' | 'oldest first'
  /** No Docker-Content-Digest. */
  readonly noDigest?: boolean
  /** A Docker-Content-Digest that does not fit, on GET. */
  readonly wrongDigest?: boolean
  /** HEAD of a manifest is answered with this status. */
  readonly refuseHead?: number
  readonly tags?: 'null' | 'absent'
  /** Google: a map of all manifests beside the tags. */
  readonly manifestMap?: boolean
  /** The first requests get 429 or another status. */
  readonly refuseFirst?: {
    readonly requests: number
    readonly status: number
    readonly retryAfter?: string
    readonly headers?: Record<string, string>
  }
  /** The connections of the first requests are closed without an answer. */
  readonly hangUpFirst?: number
  /** Requests for manifests, or for lists, are redirected to this origin. */
  readonly redirectManifests?: string
  readonly redirectLists?: string
  /** Milliseconds before each answer. */
  readonly delay?: number
  /** So many MiB of padding in each list. */
  readonly padding?: number
  /** A login page instead of any answer. */
  readonly loginPage?: boolean
  /** The second page is refused once as if the token were over. */
  readonly expireInMidListing?: boolean
  /** Strings that are no tags among the tags. */
  readonly invalidTags?: readonly string[]
  /** Every 401 has this challenge instead of the registry's own. */
  readonly challenge?: readonly string[]
  /** The list ends in the middle of its JSON, or of its transfer. */
  readonly truncate?: 'body' | 'connection'
}

export interface SeenRequest {
  readonly method: string
  readonly url: string
  /** `Basic`, `Bearer` or nothing. */
  readonly scheme: string
}

export interface QuirkProxy extends LabServer {
  readonly requests: readonly SeenRequest[]
}

interface Upstream {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * Stands in front of the real registry at `upstream` (`127.0.0.1:5000`) and adds quirks to its
 * answers.
 */
export async function startQuirkProxy(upstream: string, quirks: Quirks): Promise<QuirkProxy> {
  const requests: SeenRequest[] = []
  let refusals = quirks.refuseFirst?.requests ?? 0
  let hangUps = quirks.hangUpFirst ?? 0
  let expired = false

  const server = await startServer(async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      scheme: (request.headers.authorization ?? '').split(' ')[0] ?? '',
    })
    if (quirks.delay) await new Promise(resolve => setTimeout(resolve, quirks.delay))
    if (hangUps-- > 0) return void request.socket.destroy()
    if (refusals-- > 0 && quirks.refuseFirst) {
      const { status, retryAfter, headers } = quirks.refuseFirst
      const code = status === 429 ? 'TOOMANYREQUESTS' : 'UNAVAILABLE'
      return refuse(response, status, code, 'slow down', {
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
        ...headers,
      })
    }
    if (quirks.loginPage)
      return send(
        response,
        200,
        { 'content-type': 'text/html' },
        '<!DOCTYPE html><title>Please log in</title>',
      )
    if (url.pathname.endsWith('/tags/list')) return answerList(url, request, response)
    return answerManifest(request, response)
  })
  return { ...server, requests }

  async function answerManifest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (quirks.refuseHead && request.method === 'HEAD')
      return send(response, quirks.refuseHead, {}, '')
    if (quirks.redirectManifests)
      return send(response, 307, { location: quirks.redirectManifests + request.url }, '')
    const answer = await ask(upstream, request)
    const headers = { ...answer.headers }
    if (quirks.noDigest) delete headers['docker-content-digest']
    if (quirks.wrongDigest) headers['docker-content-digest'] = `sha256:${'0'.repeat(64)}`
    if (answer.status === 401 && quirks.challenge)
      headers['www-authenticate'] = quirks.challenge as never
    send(response, answer.status, headers, answer.body)
  }

  async function answerList(
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (quirks.redirectLists)
      return send(response, 307, { location: quirks.redirectLists + request.url }, '')
    const n = url.searchParams.get('n')
    const size = n === null ? Number.POSITIVE_INFINITY : Number(n)
    const { refuseSize, largestSize } = quirks
    if (n !== null && refuseSize && size > (refuseSize.above ?? 0))
      return refuse(response, refuseSize.status, refuseSize.code, 'not so many')
    if (n !== null && largestSize !== undefined && size > largestSize)
      return refuse(response, 405, 'UNSUPPORTED', "Invalid parameter at 'maxResults'")
    if (quirks.opaqueCursor && url.searchParams.has('last'))
      return refuse(response, 405, 'UNSUPPORTED', "Invalid parameter at 'NextToken'")
    const cursor = cursorOf(url)
    if (quirks.expireInMidListing && cursor !== undefined && !expired) {
      expired = true
      const challenge = (await ask(upstream, { ...pick(request), headers: {} })).headers[
        'www-authenticate'
      ]
      return refuse(response, 401, 'UNAUTHORIZED', 'the token has expired', {
        'www-authenticate': challenge ?? '',
      })
    }

    const answer = await ask(upstream, request)
    if (answer.status !== 200) {
      const headers = {
        ...answer.headers,
        ...(quirks.challenge && { 'www-authenticate': quirks.challenge as never }),
      }
      return send(response, answer.status, headers, answer.body)
    }
    const { name, tags } = JSON.parse(answer.body.toString()) as {
      name: string
      tags: string[] | null
    }
    const all = ordered(tags ?? [])
    const start =
      cursor === undefined || quirks.link === 'loop' || quirks.link === 'no progress'
        ? 0
        : all.indexOf(cursor) + 1
    const count = Math.min(quirks.page ?? Number.POSITIVE_INFINITY, size)
    const shown = quirks.page || quirks.cutSilently ? all.slice(start, start + count) : all
    const more =
      quirks.page !== undefined &&
      (start + count < all.length || quirks.link === 'loop' || quirks.link === 'no progress')
    const own = quirks.page === undefined ? answer.headers.link : undefined
    const link = more ? linkTo(url, name, count, shown.at(-1) ?? '') : own
    const body = JSON.stringify(listing(name, shown))
    if (quirks.truncate === 'body')
      return send(response, 200, { 'content-type': 'application/json' }, body.slice(0, -10))
    if (quirks.truncate === 'connection') {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
        .write(body.slice(0, -10))
      return void setTimeout(() => request.socket.destroy(), 10)
    }
    send(
      response,
      200,
      { 'content-type': 'application/json', ...(link !== undefined && { link }) },
      body,
    )
  }

  function cursorOf({ searchParams }: URL): string | undefined {
    const opaque = searchParams.get('next_page')
    return (
      (opaque === null ? searchParams.get('last') : Buffer.from(opaque, 'base64url').toString()) ??
      undefined
    )
  }

  function ordered(tags: readonly string[]): readonly string[] {
    const sorted = [...tags].sort()
    if (quirks.order === 'newest first') return sorted.reverse()
    if (quirks.order === 'oldest first') return sorted.sort((a, b) => a.length - b.length)
    return sorted
  }

  function listedTags(shown: readonly string[]): readonly unknown[] | null | undefined {
    if (quirks.tags === 'null') return null
    return quirks.tags === 'absent' ? undefined : [...(quirks.invalidTags ?? []), ...shown]
  }

  function listing(name: string, shown: readonly string[]): object {
    const tags = listedTags(shown)
    const digest = (index: number) => `sha256:${String(index).padStart(64, '0')}`
    const manifest = Object.fromEntries(
      shown.map((tag, index) => [
        digest(index),
        {
          imageSizeBytes: '1',
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          tag: [tag],
          timeUploadedMs: '1',
        },
      ]),
    )
    return {
      ...(quirks.padding && { padding: 'x'.repeat(quirks.padding << 20) }),
      ...(quirks.manifestMap && { child: [], manifest }),
      name,
      tags,
    }
  }

  function linkTo(url: URL, name: string, count: number, last: string): string {
    const cursor = quirks.opaqueCursor
      ? `next_page=${Buffer.from(last).toString('base64url')}`
      : `last=${encodeURIComponent(last)}`
    const query = `?n=${count}&${cursor}${quirks.link === 'no progress' ? `&page=${requests.length}` : ''}`
    const path = `/v2/${name}/tags/list`
    const rel = '; rel="next"'
    switch (quirks.link) {
      case 'absolute':
        return `<${url.origin}${path}${query}>${rel}`
      case 'query':
        return `<${query}>${rel}`
      case 'unquoted':
        return `<${path}${query}>; rel=next`
      case 'port lost':
        return `<http://${url.hostname}${path}${query}>${rel}`
      case 'prefix added':
        return `<${url.origin}/repository/docker-proxy${path}${query}>${rel}`
      case 'prefix lost':
        return `<${url.origin}/v2/${name.slice(name.indexOf('/') + 1)}/tags/list${query}>${rel}`
      case 'evil':
        return `<http://127.0.0.2:${url.port}${path}${query}>${rel}`
      case 'loop':
        return `<${path}${url.search}>${rel}`
      case 'malformed':
        return `<${path}${query}${rel}`
      default:
        return `<${path}${query}>${rel}`
    }
  }
}

const pick = ({ method, url, headers }: IncomingMessage) => ({ method, url, headers })

function ask(
  upstream: string,
  { method, url, headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
): Promise<Upstream> {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, ...rest } = headers
    const sent = requestHttp(`http://${upstream}${url}`, { method, headers: rest }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks),
        }),
      )
    })
    sent.on('error', reject).end()
  })
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string | string[]> = {},
): void {
  send(
    response,
    status,
    { 'content-type': 'application/json', ...headers },
    JSON.stringify({ errors: [{ code, message }] }),
  )
}

function send(
  response: ServerResponse,
  status: number,
  headers: IncomingHttpHeaders,
  body: string | Buffer,
): void {
  const { 'transfer-encoding': _, connection: __, ...kept } = headers
  response.writeHead(status, kept).end(body)
}

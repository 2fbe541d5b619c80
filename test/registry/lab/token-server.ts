import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type LabServer, startServer } from './server.ts'

/** What the token server was asked, without secrets. */
export interface TokenRequest {
  readonly method: string
  /** Undefined for an anonymous request. */
  readonly user: string | undefined
  readonly scopes: readonly string[]
}

export interface TokenServer extends LabServer {
  readonly requests: readonly TokenRequest[]
  /** A refresh token (identity token) that stands for `user`. */
  issueRefreshToken(user: string): string
}

export interface TokenServerOptions {
  /** Holds `server.crt` and `server.key`; the registry must trust the certificate. */
  readonly folder: string
  readonly users: ReadonlyMap<string, string>
  /** Seconds that a token lives. */
  readonly lifetime?: number
  /** Answers POST with this status, as servers do that know no OAuth2. */
  readonly refusePost?: number
  /** Grants nothing, with 200. */
  readonly grantNothing?: boolean
  /** The key of the answer. */
  readonly tokenKey?: 'token' | 'access_token'
}

export const tokenIssuer = 'lab-issuer'
export const tokenService = 'lab-registry'

/**
 * A docker token server: everybody may pull `public/…`, users may do everything. Source:
 * distribution, "Token Authentication Specification".
 */
export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const {
    folder,
    users,
    lifetime = 60,
    refusePost,
    grantNothing = false,
    tokenKey = 'token',
  } = options
  const key = createPrivateKey(readFileSync(join(folder, 'token.key')))
  const certificate = new X509Certificate(readFileSync(join(folder, 'token.crt')))
  const refreshTokens = new Map<string, string>()
  const requests: TokenRequest[] = []

  const server = await startServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://token.invalid')
    const form = new URLSearchParams(await bodyOf(request))
    const json = (status: number, value: unknown) => answer(response, status, value)
    if (url.pathname !== '/token') return json(404, {})
    if (request.method === 'POST' && refusePost !== undefined) return json(refusePost, {})

    const scopes =
      request.method === 'POST'
        ? (form.get('scope') ?? '').split(' ')
        : url.searchParams.getAll('scope')
    const user =
      request.method === 'POST'
        ? refreshTokens.get(form.get('refresh_token') ?? '')
        : userOf(request, users, refreshTokens)
    if (user === 'refused' || (request.method === 'POST' && user === undefined)) {
      requests.push({ method: request.method ?? '', user: 'refused', scopes })
      return json(401, { details: 'incorrect username or password' })
    }
    requests.push({ method: request.method ?? '', user, scopes })
    const now = Math.floor(Date.now() / 1000)
    const token = signJwt({
      iss: tokenIssuer,
      aud: tokenService,
      sub: user ?? '',
      exp: now + lifetime,
      nbf: now - 10,
      iat: now,
      jti: randomUUID(),
      access: grantNothing ? [] : scopes.flatMap(scope => grant(scope, user)),
    })
    json(200, { [tokenKey]: token, expires_in: lifetime })
  })

  function signJwt(claims: object): string {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const content = `${encode({ typ: 'JWT', alg: 'ES256', x5c: [certificate.raw.toString('base64')] })}.${encode(claims)}`
    return `${content}.${sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }

  return {
    ...server,
    requests,
    issueRefreshToken(user) {
      const token = randomUUID()
      refreshTokens.set(token, user)
      return token
    },
  }
}

function grant(scope: string, user: string | undefined): object[] {
  const [type = '', ...rest] = scope.split(':')
  const actions = rest.pop()?.split(',') ?? []
  const name = rest.join(':')
  if (user !== undefined) return [{ type, name, actions }]
  return name.startsWith('public/')
    ? [{ type, name, actions: actions.filter(action => action === 'pull') }]
    : []
}

function userOf(
  request: IncomingMessage,
  users: ReadonlyMap<string, string>,
  refreshTokens: ReadonlyMap<string, string>,
): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const [, name = '', password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  if (name === '<token>') return refreshTokens.get(password) ?? 'refused'
  return users.get(name) === password ? name : 'refused'
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

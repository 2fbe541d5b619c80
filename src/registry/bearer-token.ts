import { FunctionError } from '../errors.ts'
import type { Credential } from './credential.ts'
import type { Exchange } from './exchange.ts'
import { formatRequest, type HttpResponse } from './http.ts'
import type { Limits } from './limits.ts'
import type { Lookup } from './lookup.ts'
import { parseObject, tokenServerError } from './registry-error.ts'
import type { SecretsSeen } from './secrets-seen.ts'
import type { Route } from './transport.ts'

/** The parameters of a request for a token. */
export interface TokenQuestion {
  readonly realm: URL
  readonly service: string | undefined
  readonly tokenScopes: readonly string[]
  /** For errors: the sources of the credentials that were used. */
  readonly tried: () => string
}

export interface Token {
  readonly authorization: string
  /** When to fetch it again, by our own clock, because `issued_at` is often absent or wrong. */
  readonly renewAt: number
}

const clientId = 'image-policy-fn'

/**
 * Fetches a bearer token: by GET, anonymously or with Basic authentication; for an identity token
 * by POST, and by GET if the server does not support POST. Throws REGISTRY_DENIED if the server
 * refuses the credential, REGISTRY_FAILED if its answer has no token.
 * Source: distribution/distribution, docs "Token Authentication Specification" and "Oauth2 Token
 * Authentication".
 */
export function tokenFetcher(exchange: Exchange, secrets: SecretsSeen, limits: Limits) {
  return async (
    question: TokenQuestion,
    credential: Credential | undefined,
    route: Route,
    lookup: Lookup,
  ): Promise<Token> => {
    const byPost =
      credential?.kind === 'identityToken'
        ? await post(question, credential.token.reveal())
        : undefined
    const refused = byPost === undefined || byPost.status === 404 || byPost.status === 405
    return read(refused ? await get(question, credential) : byPost, refused ? 'GET' : 'POST')

    async function send(
      method: 'GET' | 'POST',
      url: URL,
      headers: Record<string, string>,
      body?: string,
    ): Promise<HttpResponse> {
      const request = {
        method,
        url,
        headers,
        maxBytes: limits.tokenBytes,
        ...(body !== undefined && { body }),
      }
      return secrets.hideInAnswer(await exchange(request, route, lookup))
    }

    function post(
      { realm, service, tokenScopes }: TokenQuestion,
      refreshToken: string,
    ): Promise<HttpResponse> {
      secrets.add(refreshToken)
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: clientId,
      })
      if (service !== undefined) form.set('service', service)
      form.set('scope', tokenScopes.join(' '))
      return send(
        'POST',
        realm,
        { 'content-type': 'application/x-www-form-urlencoded' },
        form.toString(),
      )
    }

    function get(
      { realm, service, tokenScopes }: TokenQuestion,
      as: Credential | undefined,
    ): Promise<HttpResponse> {
      const url = new URL(realm)
      if (service !== undefined) url.searchParams.append('service', service)
      for (const scope of tokenScopes) url.searchParams.append('scope', scope)
      url.searchParams.append('client_id', clientId)
      const authorization = as && basicAuthorization(as, secrets)
      return send('GET', url, authorization === undefined ? {} : { authorization })
    }

    function read(response: HttpResponse, method: 'GET' | 'POST'): Token {
      if (response.status !== 200) throw tokenServerError(method, response, question)
      const { token, access_token, expires_in } = parseObject(response.body) ?? {}
      const value = typeof token === 'string' && token !== '' ? token : access_token
      if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
        throw new FunctionError(
          'REGISTRY_FAILED',
          `${formatRequest(method, response.url)}: the answer has no token (${response.body.length} bytes); this is not a token server, or a login page is in the way`,
        )
      }
      secrets.add(value)
      const seconds = typeof expires_in === 'number' && expires_in > 60 ? expires_in : 60
      return { authorization: `Bearer ${value}`, renewAt: Date.now() + (seconds - 10) * 1000 }
    }
  }
}

/**
 * `Basic …` for a password. For an identity token, the user name is `<token>`, as in docker's
 * credential helpers.
 */
export function basicAuthorization(
  credential: Credential,
  secrets: SecretsSeen,
): string | undefined {
  if (credential.kind === 'registryToken') return undefined
  const [username, secret] =
    credential.kind === 'basic'
      ? [credential.username, credential.password.reveal()]
      : ['<token>', credential.token.reveal()]
  const encoded = Buffer.from(`${username}:${secret}`).toString('base64')
  secrets.add(secret)
  secrets.add(encoded)
  return `Basic ${encoded}`
}

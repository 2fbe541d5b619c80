import { FunctionError } from '../errors.ts'
import { basicAuthorization, type Token, type TokenQuestion } from './bearer-token.ts'
import { type Challenge, chooseChallenge, parseChallenges } from './challenge.ts'
import type { Credential } from './credential.ts'
import type { Exchange } from './exchange.ts'
import {
  formatRequest,
  type HttpRequest,
  type HttpResponse,
  headerLines,
  isSameServer,
} from './http.ts'
import type { Lookup } from './lookup.ts'
import type { SecretsSeen } from './secrets-seen.ts'
import { realmProblem } from './token-realm.ts'
import { pullTokenScope, readingTokenScopes } from './token-scope.ts'
import type { Route } from './transport.ts'

/** Authenticated access to one repository on behalf of one policy. */
export interface Session {
  /**
   * Sends a request with the first credential that the registry accepts. A returned 401 or 403 is
   * final.
   */
  send(exchange: Exchange, request: HttpRequest, lookup: Lookup): Promise<HttpResponse>
  /** For errors: the sources of the credentials that were used, never their values. */
  tried(): string
}

/** `withheld`: which other credentials are not used, and why. */
export interface UsableCredentials {
  readonly credentials: readonly Credential[]
  readonly withheld?: string | undefined
}

export interface SessionOptions {
  /** Path of the repository: `acme/web`. */
  readonly name: string
  readonly route: Route
  readonly findCredentials: () => Promise<UsableCredentials>
  readonly fetchToken: (
    question: TokenQuestion,
    credential: Credential | undefined,
    route: Route,
    lookup: Lookup,
  ) => Promise<Token>
  readonly trustedTokenHosts: readonly string[]
  readonly secrets: SecretsSeen
  /**
   * The last challenge of each registry, by route, so that the next repositories of a registry are
   * authenticated with the first request.
   */
  readonly demands: Map<string, Demand>
}

/** A challenge and the URL of the answer that held it. */
export interface Demand {
  readonly challenge: Challenge
  readonly by: URL
}

/**
 * The state of a session. It is replaced as a whole, so that concurrent requests notice that
 * another one has changed it.
 */
interface AuthState {
  readonly demand: Demand | undefined
  readonly tokenScopes: readonly string[]
  readonly credential: number
  /** Bounded, because a registry can send a different challenge each time. */
  readonly changes: number
  token?: Promise<Token> | undefined
}

const mostChanges = 3

/**
 * No secret is sent before the registry asks for it. If a credential is refused, the next one is
 * tried. A token that expires during a listing is renewed, once for each request.
 */
export function openSession({
  name,
  route,
  findCredentials,
  fetchToken,
  trustedTokenHosts,
  secrets,
  demands,
}: SessionOptions): Session {
  let state: AuthState = {
    demand: undefined,
    tokenScopes: [pullTokenScope(name)],
    credential: 0,
    changes: 0,
  }
  let available: UsableCredentials | undefined
  let search: Promise<UsableCredentials> | undefined

  async function credentials(): Promise<readonly (Credential | undefined)[]> {
    search ??= findCredentials()
    available = await search
    return available.credentials.length > 0 ? available.credentials : [undefined]
  }

  function tried(): string {
    const sources = (available?.credentials ?? [])
      .slice(0, state.credential + 1)
      .map(({ source }) => source)
    const withheld = available?.withheld === undefined ? '' : `; ${available.withheld}`
    if (sources.length > 0) return `asked with ${sources.join(', then with ')}${withheld}`
    return available
      ? `asked anonymously, because ${available.withheld ?? 'no credentials were found'}`
      : 'asked anonymously'
  }

  return {
    tried,

    async send(exchange, request, lookup) {
      let renewed: number | undefined
      for (;;) {
        await startFrom(demands.get(route.id))
        const current = state
        const access = await authorize(current, lookup).catch(async error => {
          if (
            error instanceof FunctionError &&
            error.code === 'REGISTRY_DENIED' &&
            (await nextCredential(current))
          )
            return undefined
          throw error
        })
        if (access === undefined) continue
        const headers =
          access.authorization === undefined
            ? request.headers
            : { ...request.headers, authorization: access.authorization }
        const response = secrets.hideInAnswer(
          await exchange({ ...request, headers }, route, lookup),
        )
        if (response.status !== 401 && response.status !== 403) return response
        // after a redirect this is the answer of another server: it gets no credentials, and its
        // challenge is not used
        if (!isSameServer(response.url, request.url)) return response
        if (state !== current || (await adopt(current, response))) continue
        if (access.token === 'kept' && response.status === 401 && renewed !== current.credential) {
          renewed = current.credential
          current.token = undefined
          continue
        }
        if (!(await nextCredential(current))) return response
      }
    },
  }

  /** A new session starts with the last challenge of its registry. */
  async function startFrom(demand: Demand | undefined): Promise<void> {
    if (state.demand !== undefined || demand === undefined) return
    const credential = await usable(demand, 0)
    if (credential !== undefined && state.demand === undefined)
      state = { ...state, demand, credential }
  }

  async function authorize(
    current: AuthState,
    lookup: Lookup,
  ): Promise<{ authorization: string | undefined; token?: 'kept' | 'new' }> {
    if (current.demand === undefined) return { authorization: undefined }
    const credential = (await credentials())[current.credential]
    if (current.demand.challenge.scheme === 'basic')
      return { authorization: credential && basicAuthorization(credential, secrets) }
    if (credential?.kind === 'registryToken') {
      secrets.add(credential.token.reveal())
      return { authorization: `Bearer ${credential.token.reveal()}` }
    }
    const kept = current.token && (await current.token)
    if (kept && kept.renewAt > Date.now())
      return { authorization: kept.authorization, token: 'kept' }
    current.token = mint(current.demand, current.tokenScopes, credential, lookup)
    try {
      return { authorization: (await current.token).authorization, token: 'new' }
    } catch (error) {
      current.token = undefined
      throw error
    }
  }

  async function mint(
    { challenge, by }: Demand,
    tokenScopes: readonly string[],
    credential: Credential | undefined,
    lookup: Lookup,
  ): Promise<Token> {
    const named = challenge.params.get('realm') ?? ''
    const realm = URL.canParse(named, by.href) ? new URL(named, by.href) : undefined
    const problem = realm
      ? await realmProblem(realm, by, credential, trustedTokenHosts)
      : 'the realm of its challenge must be a URL'
    if (realm === undefined || problem !== undefined)
      throw new FunctionError('REGISTRY_DENIED', `${formatRequest('GET', by)}: 401; ${problem}`)
    return fetchToken(
      { realm, service: challenge.params.get('service'), tokenScopes, tried },
      credential,
      route,
      lookup,
    )
  }

  /** Takes over the challenge of a refusal; false if it holds nothing new. */
  async function adopt(current: AuthState, response: HttpResponse): Promise<boolean> {
    const offered = chooseChallenge(parseChallenges(headerLines(response, 'www-authenticate')))
    // some registries answer 401, or 403 to anonymous requests, without a challenge
    const challenge =
      offered ??
      (current.demand === undefined
        ? { scheme: 'basic', params: new Map<string, string>() }
        : undefined)
    if (
      challenge === undefined ||
      current.changes === mostChanges ||
      (response.status === 403 && current.demand)
    )
      return false
    const demand = { challenge, by: response.url }
    const asked = readingTokenScopes(challenge.params.get('scope'), name).filter(
      scope => !current.tokenScopes.includes(scope),
    )
    if (asked.length === 0 && current.demand && isSame(current.demand, demand)) return false
    const credential = await usable(demand, current.credential)
    if (credential === undefined || state !== current) return state !== current
    // the new scope comes first, because some token servers read only the first one
    state = {
      demand,
      tokenScopes: [...asked, ...current.tokenScopes],
      credential,
      changes: current.changes + 1,
    }
    if (offered) demands.set(route.id, demand)
    return true
  }

  async function nextCredential(current: AuthState): Promise<boolean> {
    if (state !== current) return true
    const credential = current.demand && (await usable(current.demand, current.credential + 1))
    if (credential === undefined || state !== current) return state !== current
    state = { ...current, credential, token: undefined }
    return true
  }

  /** The first credential from `index` on that can answer the challenge. */
  async function usable({ challenge }: Demand, index: number): Promise<number | undefined> {
    const all = await credentials()
    const next = all.findIndex(
      (credential, at) =>
        at >= index && (challenge.scheme === 'bearer' || credential?.kind === 'basic'),
    )
    return next === -1 ? undefined : next
  }
}

const isSame = (a: Demand, b: Demand): boolean =>
  a.challenge.scheme === b.challenge.scheme &&
  ['realm', 'service'].every(name => a.challenge.params.get(name) === b.challenge.params.get(name))

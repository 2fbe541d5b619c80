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
import { pullScope, readingScopes } from './token-scope.ts'
import type { Way } from './transport.ts'

/** One repository, as one policy may see it. */
export interface Session {
  /** Sends a request to the registry as the first credential that it takes. A 401 or 403 that comes back is its last word. */
  send(exchange: Exchange, request: HttpRequest, lookup: Lookup): Promise<HttpResponse>
  /** As whom the registry was asked, for errors: sources of credentials, never values. */
  tried(): string
}

/** `withheld`: why credentials that exist are not used. */
export interface Usable {
  readonly credentials: readonly Credential[]
  readonly withheld?: string | undefined
}

export interface SessionOptions {
  /** Path of the repository: `acme/web`. */
  readonly name: string
  readonly way: Way
  readonly findCredentials: () => Promise<Usable>
  readonly fetchToken: (
    question: TokenQuestion,
    credential: Credential | undefined,
    way: Way,
    lookup: Lookup,
  ) => Promise<Token>
  readonly trustedTokenHosts: readonly string[]
  readonly secrets: SecretsSeen
  /** What each registry wanted the last time, by the way to it: its next repositories are asked in the right way at once. */
  readonly demands: Map<string, Demand>
}

/** A challenge, and the URL that was answered with it. */
export interface Demand {
  readonly challenge: Challenge
  readonly by: URL
}

/** How far a session has come. Replaced as a whole, so that requests side by side see when another has moved on. */
interface Stand {
  readonly demand: Demand | undefined
  readonly scopes: readonly string[]
  readonly credential: number
  /** A registry that wants something else each time is not followed for ever. */
  readonly changes: number
  token?: Promise<Token> | undefined
}

const mostChanges = 3

/**
 * Nothing secret is sent before the registry asks for it. Of several credentials the next one is tried when one is refused; a token that
 * ends in mid-listing is renewed, once for each request.
 */
export function openSession({
  name,
  way,
  findCredentials,
  fetchToken,
  trustedTokenHosts,
  secrets,
  demands,
}: SessionOptions): Session {
  let stand: Stand = { demand: undefined, scopes: [pullScope(name)], credential: 0, changes: 0 }
  let found: Usable | undefined
  let finding: Promise<Usable> | undefined

  async function credentials(): Promise<readonly (Credential | undefined)[]> {
    finding ??= findCredentials()
    found = await finding
    return found.credentials.length > 0 ? found.credentials : [undefined]
  }

  function tried(): string {
    const sources = (found?.credentials ?? [])
      .slice(0, stand.credential + 1)
      .map(({ source }) => source)
    if (sources.length > 0) return `asked with ${sources.join(', then with ')}`
    return found
      ? `asked anonymously, since ${found.withheld ?? 'no credentials were found'}`
      : 'asked anonymously'
  }

  return {
    tried,

    async send(exchange, request, lookup) {
      let renewed: number | undefined
      for (;;) {
        await startFrom(demands.get(way.id))
        const current = stand
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
        const response = secrets.hideInAnswer(await exchange({ ...request, headers }, way, lookup))
        if (response.status !== 401 && response.status !== 403) return response
        // after a redirect another server speaks: it learns nothing, and nothing is learned from it
        if (!isSameServer(response.url, request.url)) return response
        if (stand !== current || (await adopt(current, response))) continue
        if (access.token === 'kept' && response.status === 401 && renewed !== current.credential) {
          renewed = current.credential
          current.token = undefined
          continue
        }
        if (!(await nextCredential(current))) return response
      }
    },
  }

  /** A new session begins with what its registry wanted of others. */
  async function startFrom(demand: Demand | undefined): Promise<void> {
    if (stand.demand !== undefined || demand === undefined) return
    const credential = await usable(demand, 0)
    if (credential !== undefined && stand.demand === undefined)
      stand = { ...stand, demand, credential }
  }

  async function authorize(
    current: Stand,
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
    current.token = mint(current.demand, current.scopes, credential, lookup)
    try {
      return { authorization: (await current.token).authorization, token: 'new' }
    } catch (error) {
      current.token = undefined
      throw error
    }
  }

  async function mint(
    { challenge, by }: Demand,
    scopes: readonly string[],
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
      { realm, service: challenge.params.get('service'), scopes, tried },
      credential,
      way,
      lookup,
    )
  }

  /** Learns from a refusal what the registry wants; false when it said nothing new. */
  async function adopt(current: Stand, response: HttpResponse): Promise<boolean> {
    const offered = chooseChallenge(parseChallenges(headerLines(response, 'www-authenticate')))
    // some say 401, or 403 to strangers, without a challenge
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
    const asked = readingScopes(challenge.params.get('scope')).filter(
      scope => !current.scopes.includes(scope),
    )
    if (asked.length === 0 && current.demand && isSame(current.demand, demand)) return false
    const credential = await usable(demand, current.credential)
    if (credential === undefined || stand !== current) return stand !== current
    // the new scope first: some token servers look at no other
    stand = {
      demand,
      scopes: [...asked, ...current.scopes],
      credential,
      changes: current.changes + 1,
    }
    if (offered) demands.set(way.id, demand)
    return true
  }

  async function nextCredential(current: Stand): Promise<boolean> {
    if (stand !== current) return true
    const credential = current.demand && (await usable(current.demand, current.credential + 1))
    if (credential === undefined || stand !== current) return stand !== current
    stand = { ...current, credential, token: undefined }
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

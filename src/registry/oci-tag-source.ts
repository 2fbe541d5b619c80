import { FunctionError } from '../errors.ts'
import { isDigest, isTag, parseImageReference } from '../image/reference.ts'
import type { RepositoryAccess, SecretData } from '../image/repository-access.ts'
import type { Place } from '../place.ts'
import { askedOnce, type TagSource } from '../resolve/tag-source.ts'
import { type Demand, openSession, type Session, type UsableCredentials } from './authenticate.ts'
import { tokenFetcher } from './bearer-token.ts'
import { type FindCredentials, isCredential } from './credential.ts'
import { findDigest } from './digest.ts'
import { createExchange } from './exchange.ts'
import { formatRequest } from './http.ts'
import { limits as allLimits, type Limits } from './limits.ts'
import { listTags, runBudgets } from './list-tags.ts'
import { type Lookup, startLookup } from './lookup.ts'
import { type LookupProgress, watchLookups } from './lookup-progress.ts'
import { hasNetworkInterface } from './network-problem.ts'
import type { Env } from './proxy.ts'
import { followRedirects } from './redirects.ts'
import { firstScheme, preferTls } from './scheme.ts'
import { secretsSeen } from './secrets-seen.ts'
import { createThrottle, createThrottles } from './throttle.ts'
import { parseTrustedHosts } from './token-realm.ts'
import { createTransport, type Route } from './transport.ts'

export interface OciTagSourceOptions {
  /**
   * Like `process.env`: proxies, authorities, `IMAGE_POLICY_TRUSTED_TOKEN_HOSTS`,
   * `IMAGE_POLICY_RUN_TIMEOUT` (seconds).
   */
  readonly env: Env
  /** By default all requests are anonymous. */
  readonly findCredentials?: FindCredentials
  readonly onWarning?: (problem: string, place?: Place) => void
  /** Called each second during look-ups. */
  readonly onProgress?: (progress: LookupProgress) => void
  readonly limits?: Partial<Limits>
  /** Whether this process has a network; by default determined by its interfaces. */
  readonly hasNetwork?: () => boolean
}

export interface RegistryTagSource extends TagSource {
  /**
   * The text without the secrets that this source has used. For what is shown of an error that is
   * not a FunctionError: messages of FunctionErrors have none.
   */
  hideSecrets(text: string): string
}

/**
 * Reads from registries by the OCI distribution API: each listing and each digest at most once,
 * without a request for `/v2/`. Credentials go only to the registry's own origin and to token
 * servers of its site; credentials from the environment are never combined with TLS and proxy
 * settings from YAML.
 */
export function ociTagSource(options: OciTagSourceOptions): RegistryTagSource {
  const { env, onWarning, onProgress, hasNetwork = hasNetworkInterface } = options
  const limits: Limits = { ...allLimits, ...runTimeout(env), ...options.limits }
  const secrets = secretsSeen()
  const requests = createThrottles(limits.perHost)
  const exchange = createExchange(
    preferTls(createTransport(env, limits)),
    requests,
    hasNetwork,
    limits,
  )
  const staying = followRedirects(exchange, limits, {})
  const leaving = followRedirects(exchange, limits, { mayLeave: true })
  const quiet = followRedirects(exchange, limits, { hideTarget: true })
  const fetchToken = tokenFetcher(quiet, secrets, limits)
  const trustedTokenHosts = parseTrustedHosts(env.IMAGE_POLICY_TRUSTED_TOKEN_HOSTS)
  const budgets = runBudgets(limits)
  const demands = new Map<string, Demand>()
  const sessions = new Map<string, Session>()
  const lookups = createThrottles(limits.perHost)
  const overall = createThrottle(limits.overall)
  const progress = watchLookups(onProgress, requests)
  let runEnds: number | undefined

  const source = askedOnce({
    listTags: (repository, access) =>
      lookUp(repository, access, (at, session, lookup) => {
        const url = new URL(`${at}/tags/list`)
        return listTags(url, session, lookup, {
          exchange: staying,
          limits,
          budgets,
          holdsSecret: secrets.isIn,
          onPage: progress.page,
          ...(onWarning && { onWarning }),
        })
      }),
    digestOf: (repository, reference, access) =>
      lookUp(repository, access, async (at, session, lookup) => {
        if (!isTag(reference) && !isDigest(reference)) {
          throw new FunctionError(
            'REGISTRY_FAILED',
            `what is asked for in ${repository} must be a tag or a digest, got "${reference}"`,
          )
        }
        const url = new URL(`${at}/manifests/${reference}`)
        const digest = await findDigest(url, reference, session, lookup, leaving, limits)
        if (digest !== reference && secrets.isIn(digest)) {
          throw new FunctionError(
            'REGISTRY_FAILED',
            `${formatRequest('GET', url)}: the digest contains a secret that was sent to this registry or its token server, which must not be published; check the registry, and replace the secret`,
          )
        }
        return digest
      }),
  })
  return { ...source, hideSecrets: secrets.hideIn }

  async function lookUp<T>(
    repository: string,
    access: RepositoryAccess | undefined,
    ask: (at: string, session: Session, lookup: Lookup) => Promise<T>,
  ): Promise<T> {
    runEnds ??= Date.now() + limits.run
    const finished = progress.start(repository)
    try {
      const { host, name } = parseRepository(repository)
      const leaveHost = await lookups.of(host).enter()
      const leaveAll = await overall.enter()
      try {
        const scheme = firstScheme(new URL(`https://${host}`).hostname, access)
        const lookup = startLookup(access?.timeout, runEnds, limits)
        return await ask(
          `${scheme}//${host}/v2/${name}`,
          sessionFor(repository, host, name, access),
          lookup,
        )
      } finally {
        leaveAll()
        leaveHost()
      }
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error
      const unused = (access?.unused ?? []).map(({ problem }) => `; ${problem}`)
      const problem = error.problem + unused.join('')
      throw new FunctionError(error.code, secrets.hideIn(problem), access?.place)
    } finally {
      finished()
    }
  }

  function sessionFor(
    repository: string,
    host: string,
    name: string,
    access: RepositoryAccess | undefined,
  ): Session {
    const { provider, insecure, secret, certSecret, proxySecret } = access ?? {}
    const contentOf = (given: SecretData | undefined) => given && [given.name, ...given.data]
    const route: Route = {
      id: JSON.stringify([host, insecure, contentOf(certSecret), contentOf(proxySecret)]),
      registryHost: host,
      ...(certSecret && { certSecret }),
      ...(proxySecret && { proxySecret }),
    }
    const key = JSON.stringify([route.id, name, provider, contentOf(secret)])
    const findCredentials = () => usableCredentials(repository, access)
    const session =
      sessions.get(key) ??
      openSession({ name, route, findCredentials, fetchToken, trustedTokenHosts, secrets, demands })
    sessions.set(key, session)
    return session
  }

  /**
   * Because a pull request can change YAML, its TLS and proxy settings are never combined with the
   * operator's own credentials.
   */
  async function usableCredentials(
    repository: string,
    access: RepositoryAccess | undefined,
  ): Promise<UsableCredentials> {
    const found = (await options.findCredentials?.(repository, access)) ?? []
    const all = found.filter(isCredential)
    const fromYaml = (['certSecret', 'proxySecret', 'insecure'] as const).filter(
      setting => access?.[setting],
    )
    const credentials = all.filter(({ origin }) => origin === 'yaml' || fromYaml.length === 0)
    const kept = all.filter(credential => !credentials.includes(credential))
    const names = fromYaml
      .map(setting => (setting === 'insecure' ? 'insecure' : `${setting}Ref`))
      .join(', ')
    const sources = kept.map(({ source }) => source).join(', ')
    const withheld = [
      ...(kept.length === 0
        ? []
        : [`${sources} is never used together with \`${names}\` from YAML`]),
      ...found.flatMap(source => (isCredential(source) ? [] : source.problem)),
    ]
    return { credentials, ...(withheld.length > 0 && { withheld: withheld.join('; ') }) }
  }
}

/**
 * Host (with its port) and path of a canonical repository. The API of Docker Hub has its own host
 * name.
 */
function parseRepository(repository: string): { host: string; name: string } {
  const slash = repository.indexOf('/')
  const parsed = parseImageReference(repository)
  const host = slash === -1 ? '' : repository.slice(0, slash)
  if (parsed?.repository !== repository || !URL.canParse(`https://${host}`)) {
    throw new FunctionError(
      'REGISTRY_FAILED',
      `"${repository}" must be the name of a repository, such as ghcr.io/acme/web`,
    )
  }
  return {
    host: host === 'docker.io' ? 'registry-1.docker.io' : host,
    name: repository.slice(slash + 1),
  }
}

function runTimeout(env: Env): Partial<Limits> {
  const text = env.IMAGE_POLICY_RUN_TIMEOUT
  if (text === undefined || text === '') return {}
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) {
    throw new FunctionError(
      'BAD_ARGUMENT',
      `IMAGE_POLICY_RUN_TIMEOUT: must be a whole number of seconds, got "${text}"`,
    )
  }
  return { run: Number(text) * 1000 }
}

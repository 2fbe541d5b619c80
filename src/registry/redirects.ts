import { FunctionError } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import { formatRequest, type HttpRequest, headerOf } from './http.ts'
import type { Limits } from './limits.ts'

const redirecting = new Set([301, 302, 303, 307, 308])

/**
 * The same exchange, which follows redirects: a limited number, never from https to http, and to
 * another origin only if `mayLeave`, without `Authorization`. Throws REGISTRY_FAILED, with the
 * target unless `hideTarget`: an answer of a token server is not quoted.
 */
export function followRedirects(
  exchange: Exchange,
  limits: Limits,
  { mayLeave = false, hideTarget = false }: { mayLeave?: boolean; hideTarget?: boolean },
): Exchange {
  return async (request, route, lookup) => {
    let current: HttpRequest = request
    for (let followed = 0; ; followed++) {
      const response = await exchange(current, route, lookup)
      if (!redirecting.has(response.status)) return response
      const failed = (problem: string) =>
        new FunctionError(
          'REGISTRY_FAILED',
          `${formatRequest(current.method, current.url)}: ${response.status} ${problem}`,
        )

      const location = headerOf(response, 'location')
      if (location === undefined || !URL.canParse(location, current.url.href))
        throw failed('is a redirect without a usable `Location`')
      const next = new URL(location, current.url.href)
      const target = hideTarget ? 'another server' : `${next.protocol}//${next.host}`
      if (followed === limits.redirects)
        throw failed(`is one redirect too many; at most ${limits.redirects} are followed`)
      if (!/^https?:$/.test(next.protocol) || next.username !== '')
        throw failed('redirects to something other than an http(s) URL')
      if (current.url.protocol === 'https:' && next.protocol === 'http:')
        throw failed(`redirects from https to ${target}, which is not followed`)
      const leaves = next.origin !== current.url.origin
      if (leaves && !mayLeave) {
        throw failed(
          `redirects to ${target}: only the registry itself may answer this; a login page or a captive portal is in the way${hideTarget ? '' : `, or the host must be ${next.host}`}`,
        )
      }
      current = {
        ...current,
        url: next,
        headers: leaves ? withoutAuthorization(current.headers) : current.headers,
      }
    }
  }
}

const withoutAuthorization = ({ authorization: _, ...headers }: HttpRequest['headers']) => headers

import { FunctionError } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import { formatRequest, type HttpRequest, headerOf } from './http.ts'
import type { Limits } from './limits.ts'

const redirecting = new Set([301, 302, 303, 307, 308])

/**
 * The same exchange, following redirects: at most three, never from https to http, and to another origin only where `mayLeave`, without
 * `Authorization`. Throws REGISTRY_FAILED.
 */
export function followRedirects(exchange: Exchange, limits: Limits, mayLeave: boolean): Exchange {
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
      const target = `${next.protocol}//${next.host}`
      if (followed === limits.redirects)
        throw failed(`is one redirect too many; at most ${limits.redirects} are followed`)
      if (!/^https?:$/.test(next.protocol) || next.username !== '')
        throw failed('redirects to something that is no plain http(s) URL')
      if (current.url.protocol === 'https:' && next.protocol === 'http:')
        throw failed(`redirects from https to ${target}, which is not followed`)
      const leaves = next.origin !== current.url.origin
      if (leaves && !mayLeave) {
        throw failed(
          `redirects to ${target}: only the registry itself may answer this; a login page or a captive portal is in the way, or the host must be named ${next.host}`,
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

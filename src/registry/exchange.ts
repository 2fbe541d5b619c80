import { setTimeout as sleep } from 'node:timers/promises'
import { FunctionError } from '../errors.ts'
import { formatRequest, type HttpRequest, type HttpResponse, headerOf } from './http.ts'
import type { Limits } from './limits.ts'
import type { Lookup } from './lookup.ts'
import { networkProblem } from './network-problem.ts'
import { parseRetryAfter } from './retry-after.ts'
import type { Throttle, Throttles } from './throttle.ts'
import type { Route, Transport } from './transport.ts'

/** Sends one request, and again until a retry would not help. Throws REGISTRY_FAILED. */
export type Exchange = (request: HttpRequest, route: Route, lookup: Lookup) => Promise<HttpResponse>

/** 499 and 522 are the answers of nginx and Cloudflare if the server behind them is too slow. */
const worthAnotherTry = new Set([408, 429, 499, 500, 502, 503, 504, 522])

/**
 * Repeats temporary failures, with growing pauses or after the time in `Retry-After`. A 429 pauses
 * its whole host. If the wait would be too long, returns the answer at once: its error has the time
 * to try again.
 */
export function createExchange(
  transport: Transport,
  throttles: Throttles,
  hasNetwork: () => boolean,
  limits: Limits,
): Exchange {
  return async (request, route, lookup) => {
    const throttle = throttles.of(request.url.host)
    for (let tries = 1; ; tries++) {
      const outcome = await sendOnce(request, route, lookup, throttle)
      const pause = outcome.retry ? pauseAfter(outcome.response, tries) : Number.POSITIVE_INFINITY
      if (tries >= limits.tries || pause > limits.longestPause || pause > lookup.left()) {
        if (outcome.response) return outcome.response
        throw outcome.error
      }
      if (outcome.response?.status === 429) throttle.pause(pause)
      else await sleep(pause, undefined, { signal: lookup.signal }).catch(() => undefined)
    }
  }

  /** Partly random, so that requests that failed together are not repeated together. */
  function pauseAfter(response: HttpResponse | undefined, tries: number): number {
    const asked = response && parseRetryAfter(headerOf(response, 'retry-after'), Date.now())
    const own = limits.firstPause * 2 ** (tries - 1)
    return asked === undefined
      ? own * (0.75 + Math.random() / 2)
      : asked + Math.random() * limits.firstPause
  }

  type Outcome =
    | { retry: boolean; response: HttpResponse; error?: never }
    | { retry: boolean; response?: never; error: FunctionError }

  async function sendOnce(
    request: HttpRequest,
    route: Route,
    lookup: Lookup,
    throttle: Throttle,
  ): Promise<Outcome> {
    const failed = (problem: string) =>
      new FunctionError(
        'REGISTRY_FAILED',
        `${formatRequest(request.method, request.url)}: ${problem}`,
      )
    let leave: (() => void) | undefined
    try {
      leave = await throttle.enter(lookup.signal)
      const response = await transport(request, route, lookup.signal)
      return { retry: worthAnotherTry.has(response.status), response }
    } catch (error) {
      if (error instanceof FunctionError) throw error
      if (lookup.signal.aborted) throw failed(lookup.timeoutProblem())
      const { problem, advice, retry } = networkProblem(error, request.url, hasNetwork())
      // without the cause: an error of undici may hold the request with its headers
      return { retry, error: failed(`${problem}; ${advice}`) }
    } finally {
      leave?.()
    }
  }
}

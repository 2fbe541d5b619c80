import { FunctionError } from '../errors.ts'
import type { Session } from './authenticate.ts'
import { type ByteBudget, byteBudget } from './byte-budget.ts'
import type { Exchange } from './exchange.ts'
import { formatRequest, type HttpResponse, headerLines } from './http.ts'
import type { Limits } from './limits.ts'
import { nextPage, parseNextLink } from './link.ts'
import type { Lookup } from './lookup.ts'
import { errorEntries, isHtml, registryError } from './registry-error.ts'
import { quoteServerText } from './server-text.ts'
import { readTagPage, type TagPage } from './tag-page.ts'

export interface ListingOptions {
  /** Must never leave the registry's origin. */
  readonly exchange: Exchange
  readonly limits: Limits
  readonly budgets: RunBudgets
  /** Whether a text contains a secret that was sent to a server. */
  readonly holdsSecret: (text: string) => boolean
  readonly onPage?: () => void
  readonly onWarning?: (problem: string) => void
}

/** What all listings of a run share: the bytes that registries send, and the memory for tags. */
export interface RunBudgets {
  readonly received: ByteBudget
  readonly tags: ByteBudget
}

export const runBudgets = ({ runBytes, tagBytes }: Limits): RunBudgets => ({
  received: byteBudget(runBytes),
  tags: byteBudget(tagBytes),
})

/**
 * The page sizes to ask for, in this order. ECR refuses more than 1000, Quay may refuse 1000, and
 * some registries refuse any number.
 */
const pageSizes = [1000, 100, undefined] as const
type PageSize = (typeof pageSizes)[number]

/** One listing: how its pages are asked for, and what they may cost. */
interface Listing {
  readonly options: ListingOptions
  readonly received: ByteBudget
  ask(url: URL): Promise<Answer>
}

/** `page` is undefined if the status is not 200. */
interface Answer {
  readonly response: HttpResponse
  readonly page: TagPage | undefined
}

/**
 * Every tag at `url` (`…/tags/list`), in the registry's order, without strings that are not tags. A
 * list that stops early is an error, never a shorter list: throws REGISTRY_FAILED, REGISTRY_DENIED.
 */
export async function listTags(
  url: URL,
  session: Session,
  lookup: Lookup,
  options: ListingOptions,
): Promise<readonly string[]> {
  const listing: Listing = {
    options,
    received: byteBudget(options.limits.listingBytes),
    ask: page => askPage(page, session, lookup, options),
  }
  const { size, answer } = await firstPage(url, listing)
  const tags = await allPages(answer, session, listing)
  // a full page without a Link is either complete or cut off (Nexus groups, GHCR in 2021); a
  // request without a size decides it
  if (
    size === undefined ||
    answer.page?.strings !== size ||
    nextLink(answer.response) !== undefined
  ) {
    return [...tags]
  }
  const again = await allPages(await listing.ask(withSize(url, undefined)), session, listing)
  const union = new Set([...tags, ...again])
  if (union.size > tags.size) {
    options.onWarning?.(
      `${formatRequest('GET', url)}: the registry cuts its list at ${size} tags without a \`Link\` to the rest; all ${union.size} are used`,
    )
  }
  return [...union]
}

async function firstPage(
  url: URL,
  { ask }: Listing,
): Promise<{ readonly size: PageSize; readonly answer: Answer }> {
  for (const size of pageSizes) {
    const answer = await ask(withSize(url, size))
    if (size === undefined || !refusesSize(answer.response)) return { size, answer }
  }
  throw new RangeError('unreachable: the last size is none')
}

/**
 * Source: ECR answers 405 UNSUPPORTED (go-containerregistry#681), Quay TOO_MANY_TAGS_REQUESTED,
 * distribution 400 PAGINATION_NUMBER_INVALID.
 */
function refusesSize(response: HttpResponse): boolean {
  if ([400, 405, 413, 414, 416, 422, 501].includes(response.status)) return true
  const ofSize = /^(UNSUPPORTED|PAGINATION_NUMBER_INVALID|TOO_MANY_TAGS)/
  return response.status !== 200 && errorEntries(response).some(({ code }) => ofSize.test(code))
}

/** The tags of this page and of all that follow. */
async function allPages(
  first: Answer,
  session: Session,
  listing: Listing,
): Promise<ReadonlySet<string>> {
  const { limits, onPage } = listing.options
  const tags = new Set<string>()
  const asked = new Set<string>()
  let answer = first
  for (let number = 1; ; number++) {
    const { response } = answer
    const stop = (problem: string) =>
      new FunctionError(
        'REGISTRY_FAILED',
        `${formatRequest('GET', response.url)}: ${problem}; the ${tags.size} tags so far are not used, because an incomplete list can lead to a wrong choice`,
      )
    asked.add(response.url.href)
    onPage?.()
    const page = checkedPage(answer, session)
    const before = tags.size
    for (const tag of page.tags) tags.add(tag)
    const problem = excess(page, tags.size, listing)
    if (problem !== undefined) throw stop(problem)

    const target = nextLink(response)
    if (target === undefined) return tags
    const next = followable(response, target, number, stop)
    if (asked.has(next.href))
      throw stop(`the \`Link\` of page ${number} leads back to an earlier page`)
    if (tags.size === before && page.strings === page.tags.size)
      throw stop(`page ${number} has no new tag but leads to another page`)
    if (number === limits.pages) throw stop(`more than ${limits.pages} pages`)
    answer = await listing.ask(next)
  }
}

/** Why the tags so far are too much, or must not be used; undefined if they are fine. */
function excess(page: TagPage, tags: number, { options, received }: Listing): string | undefined {
  const { limits, budgets, holdsSecret } = options
  const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`
  if (page.overflow === 'tags' || tags > limits.tags) return `more than ${limits.tags} tags`
  if (page.overflow === 'budget')
    return `the tags of all repositories together take more than ${mebibytes(limits.tagBytes)}`
  if (!received.spend(page.bytes)) return `more than ${mebibytes(limits.listingBytes)} in all pages`
  if (!budgets.received.spend(page.bytes))
    return `more than ${mebibytes(limits.runBytes)} in the lists of all repositories`
  if (holdsSecret([...page.tags].join('\n')))
    return 'a tag contains a secret that was sent to this registry or its token server, which must not be published; check the registry, and replace the secret'
  return undefined
}

function followable(
  response: HttpResponse,
  target: string,
  page: number,
  stop: (problem: string) => FunctionError,
): URL {
  if (target === 'malformed')
    throw stop(
      `the \`Link\` of page ${page} can't be parsed: ${quoteServerText(headerLines(response, 'link').join(', '))}`,
    )
  const next = nextPage(response.url, target)
  if (next === undefined)
    throw stop(
      `the \`Link\` of page ${page} leaves the registry: ${quoteServerText(withoutQuery(target))}`,
    )
  return next
}

const withoutQuery = (target: string) => target.split(/[?#]/, 1)[0] ?? ''

const nextLink = (response: HttpResponse) => parseNextLink(headerLines(response, 'link'))

async function askPage(
  url: URL,
  session: Session,
  lookup: Lookup,
  { exchange, limits, budgets }: ListingOptions,
): Promise<Answer> {
  // a request may be repeated: the last page belongs to the answer
  let page: TagPage | undefined
  const request = {
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    maxBytes: limits.listBytes,
    readBody: () => {
      page = readTagPage(limits.tags, budgets.tags)
      return page.push
    },
  } as const
  const response = await session.send(exchange, request, lookup)
  return { response, page: response.status === 200 ? page : undefined }
}

function withSize(url: URL, size: PageSize): URL {
  const sized = new URL(url)
  if (size !== undefined) sized.searchParams.set('n', String(size))
  return sized
}

function checkedPage({ response, page }: Answer, session: Session): TagPage {
  const failed = (problem: string) =>
    new FunctionError('REGISTRY_FAILED', `${formatRequest('GET', response.url)}: ${problem}`)
  if (page === undefined) throw registryError('GET', response, session)
  if (isHtml(response)) {
    throw failed(
      '200 with a web page instead of a tag list; a login page or a captive portal is in the way, or this is not a registry',
    )
  }
  if (page.form === 'not an object')
    throw failed(
      `200 with a body that is not a JSON object: "${quoteServerText(response.body.subarray(0, 500).toString(), 80)}"; this is not a registry, or its answer was cut off`,
    )
  if (page.hasErrors) throw registryError('GET', response, session)
  if (page.form === 'tags are not a list') throw failed('the `tags` of the answer must be a list')
  return page
}

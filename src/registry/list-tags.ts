import { FunctionError } from '../errors.ts'
import { isTag } from '../image/reference.ts'
import type { Session } from './authenticate.ts'
import type { Exchange } from './exchange.ts'
import { formatRequest, type HttpResponse, headerLines } from './http.ts'
import type { Limits } from './limits.ts'
import { nextPage, parseNextLink } from './link.ts'
import type { Lookup } from './lookup.ts'
import { errorEntries, isHtml, parseObject, registryError } from './registry-error.ts'
import { quoteServerText } from './server-text.ts'

export interface ListingOptions {
  /** Must never leave the registry's origin. */
  readonly exchange: Exchange
  readonly limits: Limits
  readonly onPage?: () => void
  readonly onWarning?: (problem: string) => void
}

/** How many tags a page is asked to have. ECR refuses more than 1000, Quay may refuse as many, and some refuse any number. */
const pageSizes = [1000, 100, undefined] as const
type PageSize = (typeof pageSizes)[number]

/**
 * Every tag at `url` (`…/tags/list`), in the registry's order. Strings that are no tags are left out. A list that stops early is an
 * error, never a shorter list: throws REGISTRY_FAILED, REGISTRY_DENIED.
 */
export async function listTags(
  url: URL,
  session: Session,
  lookup: Lookup,
  options: ListingOptions,
): Promise<readonly string[]> {
  const { size, response } = await firstPage(url, session, lookup, options)
  const tags = await allPages(response, session, lookup, options)
  // a full page without a Link may be all there is, or a list cut off (Nexus groups, GHCR in 2021): asked without a size, they tell
  if (size !== undefined && tags.size === size && nextLink(response) === undefined) {
    const again = await allPages(
      await askPage(withSize(url, undefined), session, lookup, options),
      session,
      lookup,
      options,
    )
    const union = new Set([...tags, ...again])
    if (union.size > tags.size) {
      options.onWarning?.(
        `${formatRequest('GET', url)}: the registry cuts its list at ${size} tags without saying so; all ${union.size} are used`,
      )
    }
    return [...union].filter(isTag)
  }
  return [...tags].filter(isTag)
}

async function firstPage(
  url: URL,
  session: Session,
  lookup: Lookup,
  options: ListingOptions,
): Promise<{ size: PageSize; response: HttpResponse }> {
  for (const size of pageSizes) {
    const response = await askPage(withSize(url, size), session, lookup, options)
    if (size === undefined || !refusesSize(response)) return { size, response }
  }
  throw new RangeError('unreachable: the last size is none')
}

/** Source: ECR answers 405 UNSUPPORTED (go-containerregistry#681), Quay TOO_MANY_TAGS_REQUESTED, distribution 400 PAGINATION_NUMBER_INVALID. */
function refusesSize(response: HttpResponse): boolean {
  if ([400, 405, 413, 414, 416, 422, 501].includes(response.status)) return true
  const ofSize = /^(UNSUPPORTED|PAGINATION_NUMBER_INVALID|TOO_MANY_TAGS)/
  return response.status !== 200 && errorEntries(response).some(({ code }) => ofSize.test(code))
}

/** The tags of this page and all that follow, strings as they came, each once. */
async function allPages(
  first: HttpResponse,
  session: Session,
  lookup: Lookup,
  options: ListingOptions,
): Promise<ReadonlySet<string>> {
  const { pages, tags: mostTags } = options.limits
  const tags = new Set<string>()
  const asked = new Set<string>()
  for (let response = first, page = 1; ; page++) {
    const stop = (problem: string) =>
      new FunctionError(
        'REGISTRY_FAILED',
        `${formatRequest('GET', response.url)}: ${problem}; the ${tags.size} tags so far are not used, since a list that stops early chooses a wrong tag`,
      )
    asked.add(response.url.href)
    options.onPage?.()
    const before = tags.size
    for (const tag of tagsOf(response, session)) tags.add(tag)
    if (tags.size > mostTags) throw stop(`more than ${mostTags} tags`)

    const target = nextLink(response)
    if (target === undefined) return tags
    if (target === 'malformed')
      throw stop(
        `the \`Link\` of page ${page} can't be read: ${quoteServerText(headerLines(response, 'link').join(', '))}`,
      )
    const next = nextPage(response.url, target)
    if (next === undefined)
      throw stop(
        `the \`Link\` of page ${page} leaves the registry: ${quoteServerText(target.replace(/[?#].*/s, ''))}`,
      )
    if (asked.has(next.href))
      throw stop(`the \`Link\` of page ${page} leads back to a page before it`)
    if (tags.size === before)
      throw stop(`page ${page} brings no new tag, but leads to another page`)
    if (page === pages) throw stop(`more than ${pages} pages`)
    response = await askPage(next, session, lookup, options)
  }
}

const nextLink = (response: HttpResponse) => parseNextLink(headerLines(response, 'link'))

function askPage(
  url: URL,
  session: Session,
  lookup: Lookup,
  { exchange, limits }: ListingOptions,
): Promise<HttpResponse> {
  return session.send(
    exchange,
    { method: 'GET', url, headers: { accept: 'application/json' }, maxBytes: limits.listBytes },
    lookup,
  )
}

function withSize(url: URL, size: PageSize): URL {
  const sized = new URL(url)
  if (size !== undefined) sized.searchParams.set('n', String(size))
  return sized
}

/** The `tags` of one page. `null` and absent mean none: distribution 2.8 says so after the last tag was deleted. */
function tagsOf(response: HttpResponse, session: Session): readonly string[] {
  const failed = (problem: string) =>
    new FunctionError('REGISTRY_FAILED', `${formatRequest('GET', response.url)}: ${problem}`)
  if (isHtml(response) && response.status === 200) {
    throw failed(
      '200 with a web page instead of a tag list; a login page or a captive portal is in the way, or this is no registry',
    )
  }
  if (response.status !== 200) throw registryError('GET', response, session)
  const page = parseObject(response.body)
  if (page === undefined)
    throw failed(
      `200 with a body that is not a JSON object: "${quoteServerText(response.body.subarray(0, 500).toString(), 80)}"; this is no registry, or its answer was cut off`,
    )
  if (Array.isArray(page.errors) && page.errors.length > 0)
    throw registryError('GET', response, session)
  const tags = page.tags ?? []
  if (!Array.isArray(tags)) throw failed('the `tags` of the answer must be a list')
  return tags.filter(tag => typeof tag === 'string')
}

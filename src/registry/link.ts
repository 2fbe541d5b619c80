/**
 * The target of the `Link` to the next page, as it was sent; undefined if there is none. Accepts
 * several header lines, several links in one line, `rel` without quotes or absent, and a target
 * without brackets. `malformed` is a Link that can't be parsed and may lead to another page: to
 * ignore it could cut a list short. Source: RFC 8288, appendix B.
 */
export function parseNextLink(lines: readonly string[]): string | 'malformed' | undefined {
  const next = lines
    .flatMap(parseLine)
    .find(({ rel }) => rel === undefined || rel.toLowerCase().split(/\s+/).includes('next'))
  return next?.target === '' ? 'malformed' : next?.target
}

interface Link {
  readonly target: string
  readonly rel: string | undefined
}

const malformed: Link = { target: '', rel: 'next' }

/**
 * Each step consumes characters and none is read twice, so that the time is linear for any header.
 */
function parseLine(line: string): readonly Link[] {
  const links: Link[] = []
  const scanner = scan(line)
  for (scanner.skip(/[\s,]*/y); !scanner.atEnd(); scanner.skip(/[\s,]*/y)) {
    const link = readLink(scanner)
    if (link === undefined) return [malformed]
    links.push(link)
  }
  return links
}

interface Scanner {
  atEnd(): boolean
  /**
   * The text that matches at the current position, after which it moves; undefined if nothing
   * matches.
   */
  take(pattern: RegExp): string | undefined
  skip(pattern: RegExp): void
}

function scan(line: string): Scanner {
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const text = pattern.exec(line)?.[0]
    at += text?.length ?? 0
    return text
  }
  return { take, skip: take, atEnd: () => at === line.length }
}

function readLink(scanner: Scanner): Link | undefined {
  const target = scanner.take(/<[^>]*>/y)?.slice(1, -1) ?? scanner.take(/[^\s,;<>]+/y)
  if (target === undefined) return undefined
  let rel: string | undefined
  scanner.skip(/\s*/y)
  while (scanner.take(/;\s*/y) !== undefined) {
    const name = scanner.take(/[^\s=;,"]+/y)?.toLowerCase()
    scanner.skip(/\s*/y)
    let value = ''
    if (scanner.take(/=\s*/y) !== undefined) {
      const quoted = scanner.take(/"(?:[^"\\]|\\.)*"/sy)
      value = quoted?.slice(1, -1).replace(/\\(.)/gs, '$1') ?? scanner.take(/[^\s;,"]*/y) ?? ''
    }
    if (name === 'rel') rel ??= value
    scanner.skip(/\s*/y)
  }
  if (!scanner.atEnd() && scanner.take(/,/y) === undefined) return undefined
  return { target: target.trim(), rel }
}

/**
 * The URL of the next page, at the registry that answered `requested`; undefined if the Link leads
 * elsewhere. Takes over only the query of the Link, and that unchanged, because our own path worked
 * for the page before: Artifactory and Nexus lose or add a prefix of the path; Nexus and proxies
 * lose the port or the scheme.
 * Source: RTFACT-18971; renovate#20745; sonatype/nexus-public#1011;
 * fluxcd/image-reflector-controller#343.
 */
export function nextPage(requested: URL, target: string): URL | undefined {
  if (!URL.canParse(target, requested.href)) return undefined
  const next = new URL(target, requested.href)
  if (!/^https?:$/.test(next.protocol) || next.hostname !== requested.hostname) return undefined
  if (next.port !== '' && next.port !== requested.port) return undefined
  const path = next.pathname.endsWith('/tags/list') ? requested.pathname : next.pathname
  // set part by part, because a path such as `//other.example` would be parsed as a host
  const url = new URL(requested.origin)
  url.pathname = path
  url.search = next.search
  return url
}

/**
 * The target of the `Link` that leads to the next page, as it was sent; undefined when there is none. Takes several header lines,
 * several links in one, `rel` unquoted or absent, and a target without brackets. `malformed` is a Link that may lead on but
 * can't be read: to take it for the end would cut a list short.
 */
export function parseNextLink(lines: readonly string[]): string | 'malformed' | undefined {
  const links = lines.filter(line => line.trim() !== '').flatMap(parseLine)
  const next = links.find(
    ({ rel }) => rel === undefined || rel.toLowerCase().split(/\s+/).includes('next'),
  )
  if (next) return next.target === '' ? 'malformed' : next.target
  return undefined
}

interface Link {
  readonly target: string
  readonly rel: string | undefined
}

const link =
  /[\s,]*(?:<([^>]*)>|([^\s,;<>]+))((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)\s*(?=,|$)/y
const parameter = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g

function parseLine(line: string): Link[] {
  const links: Link[] = []
  for (let at = 0; /[^\s,;]/.test(line.slice(at)); at = link.lastIndex) {
    link.lastIndex = at
    const match = link.exec(line)
    if (match === null) return [{ target: '', rel: 'next' }]
    const [, bracketed, bare, parameters = ''] = match
    const rel = [...parameters.matchAll(parameter)].find(
      ([, name]) => name?.toLowerCase() === 'rel',
    )
    links.push({ target: (bracketed ?? bare ?? '').trim(), rel: rel && (rel[2] ?? rel[3] ?? '') })
  }
  return links
}

/**
 * Where the next page is, asked of the registry that gave `requested`; undefined when the Link leads elsewhere. Only the query of
 * the Link is new to us, and it is kept to the letter: Artifactory and Nexus lose or add a prefix of the path, Nexus and proxies
 * lose the port or the scheme. Our own path worked for the page before.
 * Source: RTFACT-18971; renovate#20745; sonatype/nexus-public#1011; fluxcd/image-reflector-controller#343.
 */
export function nextPage(requested: URL, target: string): URL | undefined {
  if (!URL.canParse(target, requested.href)) return undefined
  const next = new URL(target, requested.href)
  if (!/^https?:$/.test(next.protocol) || next.hostname !== requested.hostname) return undefined
  if (next.port !== '' && next.port !== requested.port) return undefined
  const path = next.pathname.endsWith('/tags/list') ? requested.pathname : next.pathname
  // by its parts: a path such as `//other.example` would be taken for a host
  const url = new URL(requested.origin)
  url.pathname = path
  url.search = next.search
  return url
}

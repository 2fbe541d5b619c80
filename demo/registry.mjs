import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const longestPage = 20 // small, so that listing a repository takes several pages

/**
 * Starts an in-memory registry on a free port of 127.0.0.1 with the pull part of the OCI distribution API: listings in pages, and
 * manifests by tag or digest. `host` is the prefix of image names. `close` resolves when the port is free.
 */
export async function startRegistry(tagsByRepository) {
  const repositories = new Map(
    Object.entries(tagsByRepository).map(([name, tags]) => [
      name,
      { tags: [...tags].sort(), ...manifestsOf(name, tags) },
    ]),
  )
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body = '' } = answer(repositories, request)
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  await new Promise((resolve, reject) =>
    server.once('error', reject).listen(0, '127.0.0.1', resolve),
  )
  return {
    host: `127.0.0.1:${server.address().port}`,
    digestOf: (repository, tag) => repositories.get(repository).digests.get(tag),
    close: () =>
      new Promise(resolve => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

/** A minimal image manifest for each tag. It contains the tag, so each tag has its own digest, the same on every run. */
function manifestsOf(repository, tags) {
  const empty = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf('{}'), size: 2 }
  const digests = new Map()
  const manifests = new Map()
  for (const tag of tags) {
    const annotations = { 'org.opencontainers.image.ref.name': `${repository}:${tag}` }
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: empty,
      layers: [empty],
      annotations,
    })
    digests.set(tag, digestOf(manifest))
    manifests.set(digestOf(manifest), manifest)
  }
  return { digests, manifests }
}

const digestOf = text => `sha256:${createHash('sha256').update(text).digest('hex')}`

function answer(repositories, { method, url }) {
  if (method !== 'GET' && method !== 'HEAD') return failure(405, 'UNSUPPORTED')
  const { pathname, searchParams } = new URL(url, 'http://registry')
  if (pathname === '/v2/') return json({}, '{}')
  const [, name, what, reference] = /^\/v2\/(.+)\/(tags|manifests)\/([^/]+)$/.exec(pathname) ?? []
  const repository = repositories.get(name)
  if (repository === undefined) return failure(404, 'NAME_UNKNOWN')
  if (what === 'tags')
    return reference === 'list'
      ? listing(name, repository.tags, searchParams)
      : failure(404, 'UNSUPPORTED')
  const digest = repository.digests.get(reference) ?? reference
  const manifest = repository.manifests.get(digest)
  if (manifest === undefined) return failure(404, 'MANIFEST_UNKNOWN')
  return {
    headers: { 'content-type': manifestType, 'docker-content-digest': digest },
    body: manifest,
  }
}

/** One page; the `Link` header has the URL of the next one. Source: OCI Distribution Specification 1.1, "Listing Tags". */
function listing(name, tags, searchParams) {
  const last = searchParams.get('last') ?? ''
  const length = Math.min(Number(searchParams.get('n') ?? longestPage), longestPage)
  const rest = tags.filter(tag => tag > last)
  const page = rest.slice(0, length)
  const link =
    rest.length > length
      ? { link: `</v2/${name}/tags/list?n=${length}&last=${page.at(-1)}>; rel="next"` }
      : {}
  return json(link, JSON.stringify({ name, tags: page }))
}

const json = (headers, body) => ({
  headers: { 'content-type': 'application/json', ...headers },
  body,
})

const failure = (status, code) => ({
  status,
  ...json(
    {},
    JSON.stringify({ errors: [{ code, message: code.toLowerCase().replace('_', ' ') }] }),
  ),
})

import { createHash } from 'node:crypto'
import { FunctionError } from '../errors.ts'
import { isDigest } from '../image/reference.ts'
import type { Session } from './authenticate.ts'
import type { Exchange } from './exchange.ts'
import { formatRequest, type HttpResponse, headerOf, mediaTypeOf } from './http.ts'
import type { Limits } from './limits.ts'
import type { Lookup } from './lookup.ts'
import { isHtml, parseObject, registryError } from './registry-error.ts'

/**
 * One header line, because some servers read only the first. Without the index types a registry answers 404, or with the manifest
 * of one platform, which has another digest. Source: opencontainers/distribution-spec#207.
 */
const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/**
 * The digest of the manifest at `url` (`…/manifests/<reference>`, where the reference is a tag or a digest), by HEAD. If the answer has
 * no digest, the body of a GET is hashed. Throws REGISTRY_FAILED, REGISTRY_DENIED.
 */
export async function findDigest(
  url: URL,
  reference: string,
  session: Session,
  lookup: Lookup,
  exchange: Exchange,
  limits: Limits,
): Promise<string> {
  const ask = (method: 'HEAD' | 'GET') =>
    session.send(
      exchange,
      { method, url, headers: { accept }, maxBytes: limits.manifestBytes },
      lookup,
    )

  const head = await ask('HEAD')
  const reported = head.status === 200 && !isHtml(head) ? digestHeader(head) : undefined
  if (reported !== undefined && (!isDigest(reference) || reported === reference)) {
    refuseSchema1(head, 'HEAD')
    return reported
  }
  if (head.status === 429) throw registryError('HEAD', head, session)
  // a HEAD has no body: only GET has the reason of a failure
  return hashManifest(await ask('GET'), reference, session)
}

function hashManifest(response: HttpResponse, reference: string, session: Session): string {
  const failed = (problem: string) =>
    new FunctionError('REGISTRY_FAILED', `${formatRequest('GET', response.url)}: ${problem}`)
  if (response.status !== 200) throw registryError('GET', response, session)
  if (isHtml(response))
    throw failed(
      '200 with a web page instead of a manifest; a login page or a captive portal is in the way',
    )
  refuseSchema1(response, 'GET')
  const manifest = parseObject(response.body)
  if (manifest?.schemaVersion !== 2) {
    throw failed('200 with a body that is not an image manifest (`schemaVersion` must be 2)')
  }
  const reported = digestHeader(response)
  const wanted = isDigest(reference) ? reference : reported
  const digest = hash(response.body, wanted?.startsWith('sha512:') ? 'sha512' : 'sha256')
  if (wanted !== undefined && wanted !== digest) {
    const namedBy = isDigest(reference) ? 'asked for' : 'named in Docker-Content-Digest'
    throw failed(
      `the manifest must have the digest ${namedBy}, ${wanted}, but its content has ${digest}; something between here and the registry changes it`,
    )
  }
  return digest
}

function digestHeader(response: HttpResponse): string | undefined {
  const digest = headerOf(response, 'docker-content-digest')?.trim()
  return digest !== undefined && isDigest(digest) ? digest : undefined
}

/** The digest of a schema 1 manifest is not the hash of its content, and current runtimes no longer accept it. */
function refuseSchema1(response: HttpResponse, method: string): void {
  const schema1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\b/.test(
    mediaTypeOf(response),
  )
  if (!schema1 && (method === 'HEAD' || parseObject(response.body)?.schemaVersion !== 1)) return
  throw new FunctionError(
    'REGISTRY_FAILED',
    `${formatRequest(method, response.url)}: the image must not be of the old schema 1; push it again with a current tool`,
  )
}

const hash = (body: Buffer, algorithm: 'sha256' | 'sha512') =>
  `${algorithm}:${createHash(algorithm).update(body).digest('hex')}`

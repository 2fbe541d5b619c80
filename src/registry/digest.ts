import { createHash } from 'node:crypto'
import { FunctionError } from '../errors.ts'
import { isDigest } from '../image/reference.ts'
import type { Session } from './authenticate.ts'
import type { Exchange } from './exchange.ts'
import { formatRequest, type HttpResponse, headerOf, mediaTypeOf } from './http.ts'
import { scanJsonObject } from './json-scanner.ts'
import type { Limits } from './limits.ts'
import type { Lookup } from './lookup.ts'
import { isHtml, registryError } from './registry-error.ts'

/**
 * One header line, because some servers read only the first. Without the index types a registry
 * answers 404, or with the manifest of one platform, which has another digest. Source:
 * opencontainers/distribution-spec#207.
 */
const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/**
 * The digest of the manifest at `url` (`…/manifests/<reference>`, where the reference is a tag or a
 * digest), by HEAD. If the answer has no digest, the body of a GET is hashed. Throws
 * REGISTRY_FAILED, REGISTRY_DENIED.
 */
export async function findDigest(
  url: URL,
  reference: string,
  session: Session,
  lookup: Lookup,
  exchange: Exchange,
  limits: Limits,
): Promise<string> {
  const request = { url, headers: { accept }, maxBytes: limits.manifestBytes }
  const head = await session.send(exchange, { ...request, method: 'HEAD' }, lookup)
  const reported = head.status === 200 && !isHtml(head) ? digestHeader(head) : undefined
  if (reported !== undefined && (!isDigest(reference) || reported === reference)) {
    if (hasSchema1Type(head)) throw schema1Refused('HEAD', head)
    return reported
  }
  if (head.status === 429) throw registryError('HEAD', head, session)

  // a HEAD has no body: only GET has the reason of a failure
  let manifest = readManifest()
  const readBody = () => {
    manifest = readManifest()
    return manifest.push
  }
  const response = await session.send(exchange, { ...request, method: 'GET', readBody }, lookup)
  return digestOfBody(response, manifest, reference, session)
}

function digestOfBody(
  response: HttpResponse,
  manifest: Manifest,
  reference: string,
  session: Session,
): string {
  const failed = (problem: string) =>
    new FunctionError('REGISTRY_FAILED', `${formatRequest('GET', response.url)}: ${problem}`)
  if (response.status !== 200) throw registryError('GET', response, session)
  if (isHtml(response))
    throw failed(
      '200 with a web page instead of a manifest; a login page or a captive portal is in the way',
    )
  const version = manifest.schemaVersion()
  if (hasSchema1Type(response) || version === 1) throw schema1Refused('GET', response)
  if (version !== 2)
    throw failed('200 with a body that is not an image manifest (`schemaVersion` must be 2)')
  const reported = digestHeader(response)
  const wanted = isDigest(reference) ? reference : reported
  const digest = manifest.digest(wanted?.startsWith('sha512:') ? 'sha512' : 'sha256')
  if (wanted !== undefined && wanted !== digest) {
    const namedBy = isDigest(reference) ? 'asked for' : 'named in Docker-Content-Digest'
    throw failed(
      `the manifest must have the digest ${namedBy}, ${wanted}, but its content has ${digest}; something between here and the registry changes it`,
    )
  }
  return digest
}

type Algorithm = 'sha256' | 'sha512'

interface Manifest {
  push(chunk: Buffer): void
  /** Undefined if the body is not a JSON object with this number. */
  schemaVersion(): number | undefined
  digest(algorithm: Algorithm): string
}

/**
 * Hashes and checks a manifest while its bytes arrive. Which algorithm is needed is known only
 * afterwards.
 */
function readManifest(): Manifest {
  const hashes = { sha256: createHash('sha256'), sha512: createHash('sha512') }
  let version: number | undefined
  const scanner = scanJsonObject({
    field(name, { kind, text }) {
      if (name === 'schemaVersion') version = kind === 'number' ? Number(text) : undefined
    },
    element() {},
  })
  return {
    push(chunk) {
      hashes.sha256.update(chunk)
      hashes.sha512.update(chunk)
      scanner.push(chunk)
    },
    schemaVersion: () => (scanner.isObject() ? version : undefined),
    digest: algorithm => `${algorithm}:${hashes[algorithm].digest('hex')}`,
  }
}

function digestHeader(response: HttpResponse): string | undefined {
  const digest = headerOf(response, 'docker-content-digest')?.trim()
  return digest !== undefined && isDigest(digest) ? digest : undefined
}

/**
 * The digest of a schema 1 manifest is not the hash of its content, and current runtimes no longer
 * accept it.
 */
const schema1Refused = (method: string, response: HttpResponse) =>
  new FunctionError(
    'REGISTRY_FAILED',
    `${formatRequest(method, response.url)}: the image must not be of the old schema 1; push it again with a current tool`,
  )

const hasSchema1Type = (response: HttpResponse): boolean =>
  /^application\/vnd\.docker\.distribution\.manifest\.v1\b/.test(mediaTypeOf(response))

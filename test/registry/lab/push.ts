import { createHash } from 'node:crypto'
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { gzipSync } from 'node:zlib'

/** How to write to a registry. */
export interface PushTarget {
  /** `http://127.0.0.1:5000` */
  readonly origin: string
  readonly authorization?: string | undefined
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string } | undefined
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const indexType = 'application/vnd.oci.image.index.v1+json'

/**
 * Pushes one tiny image for each tag, all different; `index` makes each an index over two
 * platforms. Gives the digest of each tag.
 */
export async function pushImages(
  target: PushTarget,
  repository: string,
  tags: readonly string[],
  { index = false }: { readonly index?: boolean } = {},
): Promise<ReadonlyMap<string, string>> {
  const client = connectTo(target)
  const tar = Buffer.alloc(1024)
  const layer = await client.putBlob(repository, gzipSync(tar))
  const config = await client.putBlob(
    repository,
    toJson({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  )
  const digests = new Map<string, string>()
  const push = async (tag: string) => {
    const image = (platform: string) =>
      toJson({
        schemaVersion: 2,
        mediaType: manifestType,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer }],
        annotations: { 'org.opencontainers.image.version': tag, platform },
      })
    if (!index) {
      digests.set(tag, await client.putManifest(repository, tag, image('any'), manifestType))
      return
    }
    const manifests = []
    for (const architecture of ['amd64', 'arm64']) {
      const body = image(architecture)
      const digest = await client.putManifest(repository, digestOf(body), body, manifestType)
      manifests.push({
        mediaType: manifestType,
        digest,
        size: body.length,
        platform: { os: 'linux', architecture },
      })
    }
    digests.set(
      tag,
      await client.putManifest(
        repository,
        tag,
        toJson({ schemaVersion: 2, mediaType: indexType, manifests }),
        indexType,
      ),
    )
  }
  const waiting = [...tags]
  const worker = async () => {
    for (let tag = waiting.shift(); tag !== undefined; tag = waiting.shift()) await push(tag)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  client.close()
  return digests
}

/** Removes what a tag points to: distribution then lists no such tag. */
export async function deleteManifest(
  target: PushTarget,
  repository: string,
  digest: string,
): Promise<void> {
  const client = connectTo(target)
  await client.call('DELETE', `/v2/${repository}/manifests/${digest}`, 202)
  client.close()
}

export const digestOf = (content: Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

const toJson = (value: unknown) => Buffer.from(JSON.stringify(value))

function connectTo({ origin, authorization, tls }: PushTarget) {
  const secure = origin.startsWith('https:')
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, ...tls })
    : new HttpAgent({ keepAlive: true })

  async function call(
    method: string,
    path: string,
    expected: number,
    body?: Buffer,
    type?: string,
  ): Promise<IncomingMessage> {
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...(type !== undefined && { 'content-type': type }),
      'content-length': body?.length ?? 0,
    }
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = secure ? requestHttps : requestHttp
      send(new URL(path, origin), { method, agent, headers }, resolve).on('error', reject).end(body)
    })
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk)
    if (answer.statusCode !== expected)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${Buffer.concat(chunks).toString()}`)
    return answer
  }

  return {
    call,
    close: () => agent.destroy(),
    async putBlob(repository: string, content: Buffer) {
      const { headers } = await call('POST', `/v2/${repository}/blobs/uploads/`, 202)
      const url = new URL(headers.location ?? '', origin)
      url.searchParams.set('digest', digestOf(content))
      await call('PUT', url.pathname + url.search, 201, content, 'application/octet-stream')
      return { digest: digestOf(content), size: content.length }
    },
    async putManifest(repository: string, reference: string, content: Buffer, type: string) {
      await call(
        'PUT',
        `/v2/${repository}/manifests/${encodeURIComponent(reference)}`,
        201,
        content,
        type,
      )
      return digestOf(content)
    },
  }
}

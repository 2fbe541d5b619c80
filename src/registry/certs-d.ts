import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from './proxy.ts'

/**
 * PEM texts for one registry: authorities to trust in addition to the system's, and the client
 * certificate for mutual TLS.
 */
export interface Certificates {
  readonly ca: readonly string[]
  readonly cert?: string
  readonly key?: string
}

/**
 * The operator's certificates for `host` (with its port): `<host>/{*.crt,client.cert,client.key}`
 * of the folders that docker and podman read. Only the first folder that exists is used.
 * Source: docker's "Verify repository client with certificates", containers-certs.d(5).
 */
export function certificatesOfHost(host: string, env: Env): Certificates | undefined {
  if (!/^[a-z0-9][a-z0-9.:-]*$/i.test(host)) return undefined
  const homes = env.HOME ? [join(env.HOME, '.config', 'containers', 'certs.d')] : []
  for (const folder of [...homes, '/etc/containers/certs.d', '/etc/docker/certs.d']) {
    const files = filesOf(join(folder, host))
    if (files === undefined) continue
    const read = (file: string) => readFileSync(join(folder, host, file), 'utf8')
    const cert = files.find(file => file.endsWith('.cert'))
    const key = cert?.replace(/cert$/, 'key')
    return {
      ca: files.filter(file => file.endsWith('.crt')).map(read),
      ...(cert !== undefined &&
        key !== undefined &&
        files.includes(key) && { cert: read(cert), key: read(key) }),
    }
  }
  return undefined
}

function filesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort()
  } catch {
    return undefined
  }
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathOf } from '../../fixtures/needs.ts'
import { type LabCertificates, makeCertificates } from './certificates.ts'
import { freePort, serve } from './programs.ts'
import { deleteManifest, type PushTarget, pushImages } from './push.ts'
import {
  startTokenServer,
  type TokenServer,
  type TokenServerOptions,
  tokenIssuer,
  tokenService,
} from './token-server.ts'

/** The one user of registries that want one. */
export const labUser = { username: 'lab', password: 'lab-password' } as const
// htpasswd -nbB -C 4: distribution takes bcrypt alone, and this cost is the cheapest
const htpasswd = 'lab:$2y$04$pGn9mZDJNM1MOvRD.aYD8uK5eHDhsvUxEzQFFPV7HlbsF4gcKVzpa'

export interface RegistryOptions {
  readonly auth?: 'basic' | 'token'
  readonly tls?: 'server' | 'mutual'
  /**
   * The program: Debian's `docker-registry` (distribution 2.8), or `registry` (distribution 3,
   * which pages as `n` asks).
   */
  readonly program?: 'docker-registry' | 'registry'
  readonly token?: Partial<TokenServerOptions>
}

export interface TestRegistry {
  /** `127.0.0.1:43210`, or `localhost:43210` with TLS. */
  readonly host: string
  /** With its scheme. */
  readonly origin: string
  readonly certificates?: LabCertificates
  readonly tokenServer?: TokenServer
  /** Pushes one image for each tag, all different, and gives their digests. */
  push(
    repository: string,
    tags: readonly string[],
    options?: { readonly index?: boolean },
  ): Promise<ReadonlyMap<string, string>>
  delete(repository: string, digest: string): Promise<void>
  stop(): Promise<void>
}

/** A real registry on a free port, in memory, in a folder of its own that `stop` removes. */
export async function startRegistry({
  auth,
  tls,
  program = 'docker-registry',
  token,
}: RegistryOptions = {}): Promise<TestRegistry> {
  const path = pathOf(program)
  if (path === undefined) throw new Error(`${program} must be on PATH`)
  const folder = mkdtempSync(join(tmpdir(), 'image-policy-registry-'))
  const port = await freePort()
  const certificates = tls ? makeCertificates(folder) : undefined
  const tokenServer = auth === 'token' ? await tokenServerIn(folder, token) : undefined

  const config = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { inmemory: {}, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, ...(tls && { tls: tlsConfig(folder, tls) }) },
    ...(auth === 'basic' && {
      auth: { htpasswd: { realm: 'lab', path: join(folder, 'htpasswd') } },
    }),
    ...(tokenServer && { auth: { token: tokenConfig(folder, tokenServer) } }),
  }
  writeFileSync(join(folder, 'htpasswd'), htpasswd)
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config)) // JSON is YAML
  const end = await serve(path, ['serve', join(folder, 'config.yml')], port, {
    OTEL_TRACES_EXPORTER: 'none',
  })

  const host = `${tls ? 'localhost' : '127.0.0.1'}:${port}`
  const origin = `${tls ? 'https' : 'http'}://${host}`
  const target = async (repository: string): Promise<PushTarget> => ({
    origin,
    ...(certificates && { tls: { ca: certificates.ca, ...certificates.client } }),
    ...(auth && { authorization: tokenServer ? await pushToken(tokenServer, repository) : basic }),
  })
  return {
    host,
    origin,
    ...(certificates && { certificates }),
    ...(tokenServer && { tokenServer }),
    push: async (repository, tags, options) =>
      pushImages(await target(repository), repository, tags, options),
    delete: async (repository, digest) =>
      deleteManifest(await target(repository), repository, digest),
    async stop() {
      await end()
      await tokenServer?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const basic = `Basic ${Buffer.from(`${labUser.username}:${labUser.password}`).toString('base64')}`

const tlsConfig = (folder: string, tls: 'server' | 'mutual') => ({
  certificate: join(folder, 'server.crt'),
  key: join(folder, 'server.key'),
  ...(tls === 'mutual' && { clientcas: [join(folder, 'ca.crt')] }),
})

const tokenConfig = (folder: string, { origin }: TokenServer) => ({
  realm: `${origin}/token`,
  service: tokenService,
  issuer: tokenIssuer,
  rootcertbundle: join(folder, 'token.crt'),
})

function tokenServerIn(
  folder: string,
  options: Partial<TokenServerOptions> | undefined,
): Promise<TokenServer> {
  const newKey = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'token.key',
  ]
  execFileSync(
    'openssl',
    ['req', '-x509', ...newKey, '-out', 'token.crt', '-days', '2', '-subj', '/CN=lab tokens'],
    {
      cwd: folder,
      stdio: 'pipe',
    },
  )
  return startTokenServer({
    folder,
    users: new Map([[labUser.username, labUser.password]]),
    ...options,
  })
}

async function pushToken(server: TokenServer, repository: string): Promise<string> {
  const url = `${server.origin}/token?service=${tokenService}&scope=repository:${repository}:pull,push,delete`
  const answer = await (await fetch(url, { headers: { authorization: basic } })).json()
  const { token, access_token } = answer as { token?: string; access_token?: string }
  return `Bearer ${token ?? access_token}`
}

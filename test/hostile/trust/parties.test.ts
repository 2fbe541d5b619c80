import { readFileSync } from 'node:fs'
import { filter } from '../../../src/filter.ts'
import type { RepositoryAccess } from '../../../src/image/repository-access.ts'
import { readFluxPolicies } from '../../../src/policy/flux-policies.ts'
import { newProblems } from '../../../src/problems.ts'
import { operatorTagSource } from '../../../src/registry/operator-tag-source.ts'
import { root } from '../../fixtures/built-program.ts'
import { readParties } from '../../fixtures/read-resources.ts'
import { type ConnectProxy, startConnectProxy } from '../../registry/lab/connect-proxy.ts'
import { type LabServer, startServer } from '../../registry/lab/server.ts'

type Party = 'stdin' | '--policies'
const parties: readonly Party[] = ['stdin', '--policies']
type Setting = 'insecure' | 'certSecretRef' | 'proxySecretRef'

/** A row of the table of combinations, which is the specification. */
interface Row {
  readonly repository: Party
  readonly settings: readonly Setting[]
  /** Whose Secrets the settings are. */
  readonly holder: Party | undefined
  readonly used: string
  readonly pull: Readonly<Record<Party, string>>
  readonly environment: string
}

const page = readFileSync(`${root}/docs/credentials.md`, 'utf8')
const rows = [...page.matchAll(/^\| (stdin|`--policies`) \|(.*)\|$/gm)].flatMap(
  ([, repository = '', rest = '']): readonly Row[] => {
    const [network = '', used = '', ofStdin = '', ofPolicies = '', environment = ''] = rest
      .split('|')
      .map(cell => cell.trim())
    const named = [...network.matchAll(/`(\w+)`/g)].map(([, name]) => name as Setting)
    const row = {
      repository: repository.replaceAll('`', '') as Party,
      holder: parties.find(party => new RegExp(`Secrets (on|in) \`?${party}`).test(network)),
      used,
      pull: { stdin: ofStdin, '--policies': ofPolicies },
      environment,
    }
    // each of the settings, and all together
    const sets = named.length > 1 ? [...named.map(name => [name]), named] : [named]
    return sets.map(settings => ({ ...row, settings }))
  },
)

const secretOf = (name: string, type: string, stringData: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'apps' },
  type,
  stringData,
})
const fluxObject = (kind: string, spec: object) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind,
  metadata: { name: 'web', namespace: 'apps' },
  spec,
})
const login = (host: string, password: string) =>
  JSON.stringify({ auths: { [host]: { username: 'me', password } } })

const names = { certSecretRef: 'cert', proxySecretRef: 'proxy' } as const

/** The objects of a row: what is on stdin, and what is in `--policies`. */
function objectsOf(
  { repository, settings, holder }: Row,
  pullFrom: Party | undefined,
  host: string,
  proxy: string,
): Readonly<Record<Party, readonly object[]>> {
  const references = settings.map(setting =>
    setting === 'insecure' ? { insecure: true } : { [setting]: { name: names[setting] } },
  )
  const secretRef = pullFrom && { secretRef: { name: 'pull' } }
  const spec = Object.assign({ image: `${host}/acme/web` }, secretRef, ...references)
  const settingSecrets = settings.flatMap(setting => {
    if (setting === 'insecure') return []
    return setting === 'certSecretRef'
      ? [secretOf('cert', 'Opaque', { 'ca.crt': 'x' })]
      : [secretOf('proxy', 'Opaque', { address: proxy })]
  })
  const pull = secretOf('pull', 'kubernetes.io/dockerconfigjson', {
    '.dockerconfigjson': login(host, 'of-the-pull-secret'),
  })
  const of = (party: Party): readonly object[] => [
    ...(repository === party
      ? [
          fluxObject('ImageRepository', spec),
          fluxObject('ImagePolicy', {
            imageRepositoryRef: { name: 'web' },
            policy: { semver: { range: '*' } },
          }),
        ]
      : []),
    ...(pullFrom === party ? [pull] : []),
    ...(holder === party ? settingSecrets : []),
  ]
  return { stdin: of('stdin'), '--policies': of('--policies') }
}

test('the table has all combinations', () => {
  const keys = rows.map(({ repository, settings, holder }) =>
    [repository, settings.join('+'), holder ?? ''].join(' '),
  )
  const secrets = ['certSecretRef', 'proxySecretRef', 'certSecretRef+proxySecretRef']
  const expected = parties.flatMap(repository => [
    `${repository}  `,
    `${repository} insecure `,
    ...parties.flatMap(holder => secrets.map(names => `${repository} ${names} ${holder}`)),
  ])
  expect(keys.sort()).toEqual(expected.sort())
})

const cells = rows.flatMap(row =>
  parties.map(pullFrom => ({
    ...row,
    pullFrom,
    name: `a repository of ${row.repository} with ${row.settings.join(', ') || 'no settings'}${row.holder ? ` of ${row.holder}` : ''}, a pull Secret of ${pullFrom}`,
  })),
)

describe('as the table says', () => {
  async function accessOf(row: Row, pullFrom: Party): Promise<RepositoryAccess> {
    const objects = objectsOf(row, pullFrom, 'ghcr.io', 'http://proxy.example.com')
    const resources = await readParties(objects.stdin, objects['--policies'])
    const problems = newProblems()
    const policies = await readFluxPolicies(
      resources,
      async () => resources,
      { source: 'auto' },
      problems,
    )
    expect(problems.errors).toEqual([])
    return policies[0]?.access ?? {}
  }

  test.each(cells)('$name', async ({ pullFrom, ...row }) => {
    const access = await accessOf(row, pullFrom)
    const { secret, certSecret, proxySecret, insecure, unused = [] } = access
    const settings = [insecure, certSecret, proxySecret].filter(Boolean)
    expect(settings).toHaveLength(row.used === 'used' ? row.settings.length : 0)
    expect(secret !== undefined).toBe(row.pull[pullFrom] === 'used')
    expect(settings.length === 0).toBe(row.environment === 'used')
    // each Secret that is not used is named
    const isNamed = (field: string) => unused.some(({ place }) => place.field === field)
    expect(isNamed('spec.secretRef.name')).toBe(row.pull[pullFrom] !== 'used')
    for (const setting of row.settings)
      if (setting !== 'insecure') expect(isNamed(`spec.${setting}.name`)).toBe(row.used !== 'used')
  })
})

describe('a registry that asks for a login', () => {
  let server: LabServer
  let proxy: ConnectProxy
  let shown: Set<string>
  beforeAll(async () => {
    server = await startServer((request, response) => {
      const { authorization } = request.headers
      if (authorization !== undefined)
        shown.add(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString())
      response
        .writeHead(authorization ? 403 : 401, { 'www-authenticate': 'Basic realm="x"' })
        .end('{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}')
    })
    proxy = await startConnectProxy(Number(server.host.split(':')[1]))
  })
  beforeEach(() => {
    shown = new Set()
  })
  afterAll(async () => {
    await proxy.stop()
    await server.stop()
  })

  async function run(row: Row, pullFrom: Party | undefined, env: Record<string, string> = {}) {
    const objects = objectsOf(row, pullFrom, server.host, proxy.origin)
    const streamOf = (all: readonly object[]) =>
      Buffer.from(all.map(one => JSON.stringify(one)).join('\n---\n'))
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: `${server.host}/acme/web:1` }] },
    }
    const { stderr, exitCode } = await filter(streamOf([pod, ...objects.stdin]), {
      mode: 'apply',
      settings: [],
      policies: [{ file: 'policies.yaml', bytes: streamOf(objects['--policies']) }],
      openTagSource: async (_shape, problems) =>
        operatorTagSource({ HOME: '/nowhere', ...env }, 'stream', {
          onWarning: problems.warn,
          limits: { firstPause: 5 },
        }),
    })
    expect(exitCode).toBe(3)
    const lines = [...stderr]
    return {
      warnings: lines.filter(line => line.startsWith('warning:')),
      errors: lines.filter(line => line.startsWith('error:')),
    }
  }

  // a certificate of a Secret makes the connection TLS, which this server does not speak
  const overHttp = cells.filter(({ settings }) => !settings.includes('certSecretRef'))

  test.each(overHttp)('gets it only as the table says: $name', async ({ pullFrom, ...row }) => {
    const { warnings, errors } = await run(row, pullFrom)
    const isUsed = row.pull[pullFrom] === 'used'
    expect([...shown]).toEqual(isUsed ? ['me:of-the-pull-secret'] : [])
    expect(errors.join('')).toContain(isUsed ? 'asked with auths' : 'asked anonymously')
    if (isUsed) return
    const reason = `Secret "apps/pull" comes from ${pullFrom === 'stdin' ? 'the input' : '--policies'}`
    expect(warnings.join('')).toContain(reason)
    expect(errors.join('')).toContain(reason)
  })

  test.each(
    rows
      .filter(({ settings }) => !settings.includes('certSecretRef'))
      .map(row => ({
        ...row,
        name: `${row.repository} ${row.settings.join()} ${row.holder ?? ''}`,
      })),
  )('gets that of the environment only as the table says: $name', async row => {
    await run(row, undefined, { DOCKER_AUTH_CONFIG: login(server.host, 'of-the-environment') })
    expect([...shown]).toEqual(row.environment === 'used' ? ['me:of-the-environment'] : [])
  })
})

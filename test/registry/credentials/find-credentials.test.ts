import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RepositoryAccess } from '../../../src/image/repository-access.ts'
import {
  type CredentialOptions,
  findCredentials,
} from '../../../src/registry/credentials/find-credentials.ts'
import { problemsIn, usable } from './shown.ts'

const web = 'ghcr.io/acme/web'
const auth = (username: string) => ({ auth: Buffer.from(`${username}:secret`).toString('base64') })
const configFor = (username: string) => JSON.stringify({ auths: { 'ghcr.io': auth(username) } })

const secret = (text = configFor('yaml')): RepositoryAccess => ({
  secret: {
    name: 'apps/pull',
    type: 'kubernetes.io/dockerconfigjson',
    data: new Map([['.dockerconfigjson', text]]),
  },
})

/** A home with files in it, all of them real. */
function homeWith(files: Record<string, string>) {
  const home = mkdtempSync(join(tmpdir(), 'home-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), text)
    if (name.startsWith('bin/')) chmodSync(join(home, name), 0o755)
  }
  return {
    home,
    path: `${join(home, 'bin')}:/usr/bin:/bin`,
    read: (name: string) => join(home, name),
    [Symbol.dispose]: () => rmSync(home, { recursive: true }),
  }
}

async function find(
  options: Partial<CredentialOptions>,
  access?: RepositoryAccess,
  repository = web,
) {
  const infos: string[] = []
  const warnings: string[] = []
  const ask = async () => {
    throw new Error('no provider may be asked')
  }
  const found = await findCredentials({
    env: {},
    allowHelpers: true,
    onInfo: message => infos.push(message),
    onWarning: message => warnings.push(message),
    ask,
    ...options,
  })(repository, access)
  const users = usable(found).map(({ username }) => username)
  return { found: usable(found), users, problems: problemsIn(found), infos, warnings }
}

const nothing = { found: [], users: [], problems: [], infos: [], warnings: [] }

test('no credentials: anonymous, without an info', async () => {
  using home = homeWith({})
  expect(await find({ home: home.home })).toEqual(nothing)
  expect(await find({})).toEqual(nothing)
})

test('the order: Secret, DOCKER_AUTH_CONFIG, docker, containers', async () => {
  using home = homeWith({
    '.docker/config.json': configFor('docker'),
    'run/containers/auth.json': configFor('runtime'),
    '.config/containers/auth.json': configFor('config'),
  })
  const env = {
    DOCKER_AUTH_CONFIG: configFor('variable'),
    XDG_RUNTIME_DIR: home.read('run'),
    GITHUB_TOKEN: 'token',
  }
  const { found, infos } = await find({ home: home.home, env }, { ...secret(), provider: 'github' })
  expect(found.map(({ username, origin, source }) => [username, origin, source])).toEqual([
    ['yaml', 'yaml', 'auths["ghcr.io"] of Secret apps/pull'],
    ['variable', 'ambient', 'auths["ghcr.io"] of DOCKER_AUTH_CONFIG'],
    ['docker', 'ambient', `auths["ghcr.io"] of ${home.read('.docker/config.json')}`],
    ['runtime', 'ambient', `auths["ghcr.io"] of ${home.read('run/containers/auth.json')}`],
    ['config', 'ambient', `auths["ghcr.io"] of ${home.read('.config/containers/auth.json')}`],
  ])
  expect(infos).toEqual([])
})

test('the provider comes last', async () => {
  expect((await find({ env: { GITHUB_TOKEN: 'token' } }, { provider: 'github' })).found).toEqual([
    {
      source: 'provider github (GITHUB_TOKEN)',
      origin: 'ambient',
      kind: 'basic',
      username: 'x-access-token',
      password: 'token',
    },
  ])
})

test('variables change the paths of the files', async () => {
  using home = homeWith({
    'd/config.json': configFor('docker'),
    'a.json': configFor('containers'),
    '.docker/config.json': configFor('not me'),
  })
  const env = { DOCKER_CONFIG: home.read('d'), REGISTRY_AUTH_FILE: home.read('a.json') }
  expect((await find({ home: home.home, env })).users).toEqual(['docker', 'containers'])
})

test('a longer path is only for its own repositories', async () => {
  const auths = {
    'ghcr.io': auth('host'),
    'ghcr.io/acme': auth('team'),
    'ghcr.io/other': auth('other'),
  }
  using home = homeWith({ 'run/containers/auth.json': JSON.stringify({ auths }) })
  expect((await find({ env: { XDG_RUNTIME_DIR: home.read('run') } })).users).toEqual([
    'team',
    'host',
  ])
})

describe('a helper', () => {
  const helper = `#!/bin/sh\nread -r url || true\necho "$url" >> "$HELPER_LOG"\necho '{"Username":"helper","Secret":"secret"}'\n`
  const files = {
    '.docker/config.json': '{"credsStore":"test","auths":{"ghcr.io":{}}}',
    'bin/docker-credential-test': helper,
  }

  test('is asked', async () => {
    using home = homeWith(files)
    const env = { PATH: home.path, HELPER_LOG: '/dev/null' }
    expect((await find({ home: home.home, env })).found).toEqual([
      {
        source: `docker-credential-test (credsStore of ${home.read('.docker/config.json')})`,
        origin: 'ambient',
        kind: 'basic',
        username: 'helper',
        password: 'secret',
      },
    ])
  })

  test('is not asked when the Secret has an answer, or the operator does not allow it', async () => {
    using home = homeWith(files)
    const env = { PATH: home.path, HELPER_LOG: home.read('log') }
    expect((await find({ home: home.home, env }, secret())).users).toEqual(['yaml'])
    const { users, infos } = await find({ home: home.home, env, allowHelpers: false })
    expect(users).toEqual([])
    expect(existsSync(home.read('log'))).toBe(false)
    await find({ home: home.home, env })
    expect(existsSync(home.read('log'))).toBe(true)
    expect(infos).toEqual([
      `credsStore of ${home.read('.docker/config.json')}: docker-credential-test was not asked, because credential helpers are off; set IMAGE_POLICY_HELPERS=1 to allow them`,
    ])
  })

  test('of containers tools is only one for a host: they know no store', async () => {
    using home = homeWith({ 'a.json': '{"credsStore":"test"}' })
    expect(await find({ env: { REGISTRY_AUTH_FILE: home.read('a.json') } })).toEqual(nothing)
  })
})

test('YAML starts nothing that the operator has not allowed', async () => {
  const text = JSON.stringify({ credsStore: 'test', credHelpers: { 'ghcr.io': 'test' } })
  const { users, infos } = await find(
    { env: { GITHUB_TOKEN: 'token' }, allowHelpers: false },
    { ...secret(text), provider: 'github' },
  )
  expect(users).toEqual([])
  expect(infos).toEqual([
    'provider github was not asked for ghcr.io, because providers are off; set IMAGE_POLICY_HELPERS=1 to allow them',
  ])
})

test('reports a source that is missing once, and asks the next one', async () => {
  const infos: string[] = []
  const env = { DOCKER_CONFIG: '/nowhere', GITHUB_TOKEN: 'token' }
  const lookUp = findCredentials({
    env,
    allowHelpers: true,
    onInfo: message => infos.push(message),
  })
  const access = { provider: 'github' } as const
  expect(await lookUp(web, access)).toHaveLength(1)
  expect(await lookUp('ghcr.io/acme/api', access)).toHaveLength(1)
  expect(infos).toEqual([
    'cannot read /nowhere/config.json (from DOCKER_CONFIG): ENOENT; continuing without it',
  ])
})

describe('a helper that can not be used', () => {
  const config = (more: object = {}) => JSON.stringify({ credsStore: 'test', ...more })
  const message = (home: { read(name: string): string }, problem: string) =>
    `credsStore of ${home.read('.docker/config.json')}: docker-credential-test ${problem}`
  const absent =
    'is not installed, as in every container; put the login under `auths`, set DOCKER_AUTH_CONFIG, or run the function as an executable'

  test('is a warning, and the reason for an error', async () => {
    using home = homeWith({ '.docker/config.json': config() })
    const env = { PATH: home.path }
    expect(await find({ home: home.home, env })).toEqual({
      ...nothing,
      problems: [message(home, absent)],
      warnings: [message(home, absent)],
    })
  })

  test('is an info if another source has a login', async () => {
    using home = homeWith({ '.docker/config.json': config({ auths: { 'ghcr.io': auth('me') } }) })
    const { users, infos, warnings } = await find({ home: home.home, env: { PATH: home.path } })
    expect(users).toEqual(['me'])
    expect(infos).toEqual([message(home, absent)])
    expect(warnings).toEqual([])
  })

  test.each([
    ['that nobody filled is an info', {}, 'infos'],
    ['that `docker login` filled is a warning', { auths: { 'ghcr.io': {} } }, 'warnings'],
  ] as const)('a store without a login %s', async (_name, more, where) => {
    using home = homeWith({
      '.docker/config.json': config(more),
      'bin/docker-credential-test':
        '#!/bin/sh\necho "credentials not found in native keychain"\nexit 1\n',
    })
    const problem = message(home, 'has no login for ghcr.io; log in again')
    expect(await find({ home: home.home, env: { PATH: home.path } })).toEqual({
      ...nothing,
      problems: [problem],
      [where]: [problem],
    })
  })
})

test('a Secret that has no login is the reason for an error; the next source is asked', async () => {
  const access = { ...secret('{"auths":{}}'), provider: 'github' } as const
  const { users, problems, warnings } = await find({ env: { GITHUB_TOKEN: 'token' } }, access)
  expect(users).toEqual(['x-access-token'])
  expect(problems).toEqual(['Secret apps/pull has no login'])
  expect(warnings).toEqual([]) // it was reported before
})

test.each([
  ['config.json', { DOCKER_CONFIG: '' }, '.docker/config.json'],
  ['auth.json', { DOCKER_CONFIG: '' }, '.config/containers/auth.json'],
])('a broken %s is an error that names it', async (_name, env, file) => {
  using home = homeWith({ [file]: '{"auths": {"ghcr.io": {"auth": "c2Vj' })
  await expect(find({ home: home.home, env })).rejects.toThrow(
    expect.objectContaining({
      code: 'REGISTRY_DENIED',
      message: `${home.read(file)}: must be valid JSON, as written by \`docker login\``,
    }),
  )
})

test('does not report an empty file, such as a mount of /dev/null', async () => {
  using home = homeWith({ '.docker/config.json': '\n' })
  expect(await find({ home: home.home })).toEqual(nothing)
})

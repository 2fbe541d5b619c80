import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { RepositoryAccess } from '../../../src/image/repository-access.ts'
import { findCredentials } from '../../../src/registry/credentials/find-credentials.ts'
import { serve } from './loopback.ts'

const secret = 'SuperSecretValue'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const auth = base64(`me:${secret}`)

/**
 * All that a run could print of one look-up: its error with stack and causes, its infos, and its
 * result.
 */
async function printed(
  env: Record<string, string>,
  { access = {}, repository = 'ghcr.io/acme/web', files = {} }: Case,
): Promise<string> {
  const infos: string[] = []
  const readFile = async (path: string) => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error(secret), { code: 'ENOENT' })
    return text
  }
  const result = await findCredentials({
    env: { AWS_EC2_METADATA_DISABLED: 'true', ...env },
    home: '/home/me',
    allowHelpers: true,
    onInfo: message => infos.push(message),
    readFile,
  })(repository, access).catch((error: unknown) => error)
  const text = [
    inspect(result, { depth: 10, showHidden: true }),
    String(result),
    JSON.stringify(result),
    ...infos,
  ].join('\n')
  expect(text.length).toBeGreaterThan(10)
  return text
}

interface Case {
  readonly access?: RepositoryAccess
  readonly repository?: string
  readonly files?: Record<string, string>
}

const pull = (text: string, type = 'kubernetes.io/dockerconfigjson'): RepositoryAccess => ({
  secret: { name: 'apps/pull', type, data: new Map([['.dockerconfigjson', text]]) },
})
const brokenConfigs = [
  `{"auths":{"ghcr.io":{"auth":"${auth}"`,
  `${secret}`,
  `"${secret}"`,
  `{"auths":"${auth}"}`,
  `{"auths":{"ghcr.io":"${auth}"}}`,
  `{"auths":{"ghcr.io":{"auth":"%${secret}"}}}`,
  `{"auths":{"ghcr.io":{"auth":"${base64(secret)}"}}}`,
  `{"auths":{"ghcr.io":{"username":"me","password":["${secret}"]}}}`,
  `{"credHelpers":{"ghcr.io":["${secret}"]}}`,
  `{"credsStore":{"x":"${secret}"}}`,
]
const goodConfigs = [
  `{"auths":{"ghcr.io":{"auth":"${auth}"}}}`,
  `{"auths":{"ghcr.io":{"identitytoken":"${secret}"}}}`,
  `{"auths":{"ghcr.io":{"registrytoken":"${secret}"}}}`,
]

const withoutServer: [string, Record<string, string>, Case][] = [
  ...[...brokenConfigs, ...goodConfigs].flatMap(
    (text): [string, Record<string, string>, Case][] => [
      [`Secret ${text}`, {}, { access: pull(text) }],
      [`DOCKER_AUTH_CONFIG ${text}`, { DOCKER_AUTH_CONFIG: text }, {}],
      [`config.json ${text}`, {}, { files: { '/home/me/.docker/config.json': text } }],
      [`auth.json ${text}`, { REGISTRY_AUTH_FILE: '/a.json' }, { files: { '/a.json': text } }],
    ],
  ),
  ['Secret of another type', {}, { access: pull(secret, 'Opaque') }],
  ['encrypted Secret', {}, { access: pull(`ENC[${secret}]`) }],
  ['github', { GITHUB_TOKEN: secret }, { access: { provider: 'github' } }],
  [
    'github elsewhere',
    { GITHUB_TOKEN: secret },
    { access: { provider: 'github' }, repository: 'quay.io/acme/web' },
  ],
  [
    'dockerhub',
    { DOCKERHUB_USERNAME: 'me', DOCKERHUB_TOKEN: secret },
    { access: { provider: 'dockerhub' }, repository: 'docker.io/library/nginx' },
  ],
  ...[
    `{"private_key":"${secret}`,
    `"${secret}"`,
    `{"type":"${secret}"}`,
    `{"type":"service_account","client_email":"x","private_key":"${secret}"}`,
  ].map((text): [string, Record<string, string>, Case] => [
    `key file ${text}`,
    { GOOGLE_APPLICATION_CREDENTIALS: '/key.json' },
    { access: { provider: 'gcr' }, repository: 'gcr.io/acme/web', files: { '/key.json': text } },
  ]),
]

test.each(withoutServer)('%s', async (_name, env, options) => {
  const text = await printed(env, options)
  expect(text).not.toContain(secret)
  expect(text).not.toContain(auth)
  expect(text).not.toContain(base64(secret).replaceAll('=', ''))
})

const ecr = {
  access: { provider: 'aws' },
  repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web',
} as const
const gcr = { access: { provider: 'gcr' }, repository: 'gcr.io/acme/web' } as const
const acr = { access: { provider: 'azure' }, repository: 'acme.azurecr.io/web' } as const

const withServer: [string, (url: string) => Record<string, string>, (url: string) => Case][] = [
  [
    'ECR',
    url => ({
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SESSION_TOKEN: secret,
      AWS_ENDPOINT_URL: url,
    }),
    () => ecr,
  ],
  [
    'STS',
    url => ({ AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn', AWS_ENDPOINT_URL: url }),
    () => ({ ...ecr, files: { '/t': secret } }),
  ],
  [
    'ECS',
    url => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/x?${secret}`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: secret,
    }),
    () => ecr,
  ],
  [
    'authorized_user',
    () => ({ GOOGLE_APPLICATION_CREDENTIALS: '/k' }),
    url => ({
      ...gcr,
      files: {
        '/k': JSON.stringify({
          type: 'authorized_user',
          client_id: 'c',
          client_secret: secret,
          refresh_token: secret,
          token_uri: url,
        }),
      },
    }),
  ],
  [
    'external_account',
    () => ({ GOOGLE_APPLICATION_CREDENTIALS: '/k' }),
    url => ({
      ...gcr,
      files: {
        '/k': JSON.stringify({
          type: 'external_account',
          audience: 'a',
          subject_token_type: 't',
          token_url: url,
          credential_source: { file: '/t' },
        }),
        '/t': secret,
      },
    }),
  ],
  [
    'Entra',
    url => ({
      AZURE_TENANT_ID: 't',
      AZURE_CLIENT_ID: 'c',
      AZURE_CLIENT_SECRET: secret,
      AZURE_AUTHORITY_HOST: url,
    }),
    () => acr,
  ],
  [
    'App Service',
    url => ({ IDENTITY_ENDPOINT: `${url}/?${secret}`, IDENTITY_HEADER: secret }),
    () => acr,
  ],
]
const replies = [
  { status: 200, body: `<html>${secret}` },
  {
    status: 200,
    body: { token: secret, authorizationData: [{ authorizationToken: base64(secret) }] },
  },
  {
    status: 401,
    body: {
      error: base64(secret),
      error_description: secret,
      __type: `${secret}1`,
      message: secret,
    },
  },
  { status: 403, body: `<Error><Code>${secret}1</Code><Message>${secret}</Message></Error>` },
  { status: 500, body: secret },
]

test.each(
  withServer.flatMap(([name, ...rest]) => replies.map(reply => [name, reply, ...rest] as const)),
)('%s that answers %j', async (_name, reply, env, options) => {
  await using service = await serve(() => reply)
  const text = await printed(env(service.url), options(service.url))
  expect(service.seen.length).toBeGreaterThan(0)
  expect(text).toContain(`${service.url}/`)
  expect(text).not.toContain(secret)
  expect(text).not.toContain(base64(secret).replaceAll('=', ''))
})

test.each([
  `echo '{"Username":"me","Secret":"${secret}"}'`,
  `echo '{"Username":"me","Secret":"${secret}'`,
  `echo '["${secret}"]'`,
  `echo ${secret}; echo ${secret} >&2; exit 1`,
])('a helper: %s', async script => {
  const folder = mkdtempSync(join(tmpdir(), 'leaks-'))
  try {
    writeFileSync(join(folder, 'docker-credential-test'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'docker-credential-test'), 0o755)
    const text = await printed(
      { PATH: `${folder}:/usr/bin:/bin`, DOCKER_AUTH_CONFIG: '{"credsStore":"test"}' },
      {},
    )
    expect(text).toContain('docker-credential-test')
    expect(text).not.toContain(secret)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

import { findSecret } from '../../src/policy/secrets.ts'
import { newProblems } from '../../src/problems.ts'
import { fluxPolicy } from '../fixtures/inline.ts'
import { readResources } from '../fixtures/read-resources.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

const secret = (more: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'creds', namespace: 'flux-system', ...metadata },
  ...more,
})

async function find(...objects: readonly object[]) {
  const [owner, ...others] = await readResources(fluxPolicy('app', '1.x')[0] ?? {}, ...objects)
  if (owner === undefined) throw new Error('no owner')
  const problems = newProblems()
  const found = findSecret(others, owner, 'spec.secretRef.name', 'creds', problems)
  return { found, notices: problems.notices, errors: problems.errors }
}

test('data is decoded, and stringData wins', async () => {
  const given = secret({
    type: 'kubernetes.io/tls',
    data: { a: base64('one'), b: base64('two'), c: 3 },
    stringData: { b: 'three' },
  })
  expect(await find(given)).toEqual({
    found: {
      name: 'flux-system/creds',
      type: 'kubernetes.io/tls',
      data: new Map([
        ['a', 'one'],
        ['b', 'three'],
      ]),
    },
    notices: [],
    errors: [],
  })
})

test('the default type is Opaque', async () => {
  expect((await find(secret({}))).found?.type).toBe('Opaque')
})

test('a Secret is found by its name before a host renamed it', async () => {
  const renamed = secret(
    { stringData: { a: 'x' } },
    {
      name: 'prod-creds',
      namespace: 'prod',
      annotations: {
        'internal.config.kubernetes.io/previousNames': 'creds',
        'internal.config.kubernetes.io/previousNamespaces': 'flux-system',
      },
    },
  )
  expect((await find(renamed)).found?.data.get('a')).toBe('x')
})

test.each<readonly [string, readonly object[], string]>([
  [
    'that is not there',
    [],
    'Secret "flux-system/creds" is not in the input; other sources of credentials are used',
  ],
  [
    'of another namespace',
    [secret({}, { namespace: 'other' })],
    'Secret "flux-system/creds" is not in the input; other sources of credentials are used',
  ],
  [
    'whose data is encrypted by SOPS',
    [secret({ data: { a: base64('x'), b: 'ENC[AES256_GCM,data:secretive]' } })],
    'Secret "flux-system/creds" is encrypted by SOPS; other sources of credentials are used (to use it, decrypt it before this function runs)',
  ],
  [
    'whose stringData is encrypted by SOPS',
    [secret({ stringData: { b: 'ENC[AES256_GCM,data:secretive]' } })],
    'Secret "flux-system/creds" is encrypted by SOPS; other sources of credentials are used (to use it, decrypt it before this function runs)',
  ],
])('a Secret %s is not used, with a notice', async (_what, objects, problem) => {
  const { found, notices, errors } = await find(...objects)
  expect(found).toBeUndefined()
  expect(errors).toEqual([])
  expect(notices).toEqual([
    {
      severity: 'info',
      problem,
      place: expect.objectContaining({ field: 'spec.secretRef.name' }),
    },
  ])
})
